"""Every address of the system. design: people work at /console/, citizens at the Vietnamese words, systems at /api/."""

from django.contrib import admin
from django.urls import include, path

from config import errors, health
from console import operations
from notifications import preferences

urlpatterns = [
    path("api/v1/", include("config.api_urls")),  # first, because it is asked most and every try costs
    path("open311/", include("feedback.open311.urls")),
    path("", include("feedback.public.urls")),
    path("", include("incidents.public.urls")),
    path("console/", include("accounts.signin.urls")),  # before the admin's own sign-in
    path("console/van-hanh/", admin.site.admin_view(operations.page), name="operations"),
    path("console/thong-bao/", admin.site.admin_view(preferences.page), name="notification_preferences"),
    path("console/", admin.site.urls),
    path("tai-khoan/", include("accounts.urls")),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
