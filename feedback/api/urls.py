from django.urls import path

from feedback.api import views
from feedback.api.intake import Intake

urlpatterns = [
    path("cases/", views.CaseList.as_view(), name="cases"),
    path("cases/<str:reference>/", views.CaseDetail.as_view(), name="case"),
    path("cases/<str:reference>/moves/", views.CaseMoves.as_view(), name="case-moves"),
    path("cases/<str:reference>/notes/", views.CaseNotes.as_view(), name="case-notes"),
    path("intake/", Intake.as_view(), name="intake"),
]
