from django.urls import path

from inspections.api import views

urlpatterns = [
    path("inspections/", views.InspectionList.as_view(), name="inspections"),
    path("inspections/<str:reference>/", views.InspectionDetail.as_view(), name="inspection"),
    path("corrections/", views.CorrectionList.as_view(), name="corrections"),
    path("corrections/<str:reference>/", views.CorrectionDetail.as_view(), name="correction"),
]
