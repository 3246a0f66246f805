from django.urls import path

from incidents.api import views

urlpatterns = [
    path("incidents/", views.IncidentList.as_view(), name="incidents"),
    path("incidents/adverse-events/", views.IncidentEvents.as_view(), name="incident-events"),
    path("incidents/<str:reference>/", views.IncidentDetail.as_view(), name="incident"),
    path("incidents/<str:reference>/adverse-event/", views.IncidentEvent.as_view(), name="incident-event"),
]
