from django.urls import path

from feedback.api import views
from feedback.api.intake import Intake
from feedback.api.reconciliations import OneReconciliation, Reconciliations
from feedback.api.reference import CategoryList, ChannelList

urlpatterns = [
    path("cases/", views.CaseList.as_view(), name="cases"),
    path("cases/<str:reference>/", views.CaseDetail.as_view(), name="case"),
    path("cases/<str:reference>/moves/", views.CaseMoves.as_view(), name="case-moves"),
    path("cases/<str:reference>/notes/", views.CaseNotes.as_view(), name="case-notes"),
    path("channels/", ChannelList.as_view(), name="channels"),
    path("categories/", CategoryList.as_view(), name="categories"),
    path("intake/", Intake.as_view(), name="intake"),
    path("reconciliations/", Reconciliations.as_view(), name="reconciliations"),
    path("reconciliations/<int:number>/", OneReconciliation.as_view(), name="reconciliation"),
]
