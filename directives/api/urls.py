from django.urls import path

from directives.api import views

urlpatterns = [
    path("directives/", views.DirectiveList.as_view(), name="directives"),
    path("directives/<int:number>/", views.DirectiveDetail.as_view(), name="directive"),
    path("obligations/", views.ObligationList.as_view(), name="obligations"),
    path("obligations/<int:number>/", views.ObligationDetail.as_view(), name="obligation"),
    path("assignments/", views.AssignmentList.as_view(), name="assignments"),
    path("assignments/<int:number>/", views.AssignmentDetail.as_view(), name="assignment"),
]
