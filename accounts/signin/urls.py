"""The addresses of signing in, under /console/; allauth knows them by these names."""

from django.contrib import admin
from django.urls import path

from accounts.signin import views

urlpatterns = [
    path("login/", views.PasswordPage.as_view(), name="account_login"),
    path("login/ma/", views.CodePage.as_view(), name="mfa_authenticate"),
    path("login/yeu-to-thu-hai/", views.SetUpPage.as_view(), name="second_factor_set_up"),
    path("password_change/", admin.site.admin_view(views.change_password)),
    path("phien/", admin.site.admin_view(views.own_sessions), name="own_sessions"),
    path("phien/con-lai/", views.session_state, name="session_state"),
    path("logout/", views.sign_out, name="account_logout"),
]
