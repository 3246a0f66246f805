from django.urls import path

from deadlines.api import views

urlpatterns = [path("deadlines/", views.DeadlineList.as_view(), name="deadlines")]
