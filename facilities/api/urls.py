from django.urls import path

from facilities.api import views

urlpatterns = [
    path("facilities/", views.FacilityList.as_view(), name="facilities"),
    path("facilities/<str:code>/", views.FacilityDetail.as_view(), name="facility"),
    path("areas/", views.AreaList.as_view(), name="areas"),
]
