"""Every address of the API, version 1."""

from django.urls import include, path, re_path

from common.api.views import NotThere

app_name = "api"
urlpatterns = [
    path("", include("feedback.api.urls")),
    path("", include("deadlines.api.urls")),
    path("", include("facilities.api.urls")),
    # everything else below: a problem document, and no redirect to an address with a slash
    re_path(r"", NotThere.as_view(), name="nothing"),
]
