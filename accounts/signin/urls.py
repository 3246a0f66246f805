"""The addresses of signing in, under /console/; allauth knows them by these names."""

from django.contrib import admin
from django.urls import path

from accounts.signin import views

urlpatterns = [
    path("login/", views.PasswordPage.as_view(), name="account_login"),
    path("login/ma/", views.CodePage.as_view(), name="mfa_authenticate"),
    path("login/yeu-to-thu-hai/", views.SetUpPage.as_view(), name="second_factor_set_up"),
    path("mat-khau/quen/", views.ForgottenPage.as_view(), name="account_reset_password"),
    path("mat-khau/ma/", views.MailedCodePage.as_view(), name="account_confirm_password_reset_code"),
    path("mat-khau/moi/", views.NewPasswordPage.as_view(), name="account_complete_password_reset"),
    path("password_change/", admin.site.admin_view(views.change_password)),
    path("phien/", admin.site.admin_view(views.own_sessions), name="own_sessions"),
    path("phien/con-lai/", views.session_state, name="session_state"),
    path("logout/", views.sign_out, name="account_logout"),
]
