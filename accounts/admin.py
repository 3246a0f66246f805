from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as StockGroupAdmin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import ApiClient, Membership, User
from common.admin import ConsoleAdmin, Part

admin.site.unregister(Group)


class MembershipPart(Part):
    """Where this person belongs, beside the person."""

    model = Membership
    autocomplete_fields = ["division", "facility"]
    fields = ["division", "facility", "is_head", "valid_from", "valid_to"]


@admin.register(User)
class UserAdmin(StockUserAdmin, ConsoleAdmin):  # type: ignore[misc]
    """People: who they are, where they belong, what they may do. Accounts are switched off, never deleted."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "display_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "display_name", "email"]
    ordering = ["username"]
    filter_horizontal = []
    autocomplete_fields = []
    inlines = [MembershipPart]
    fieldsets = [
        (None, {"fields": ["username", "password", "display_name", "email", "language"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "display_name", "password1", "password2"]})]
    readonly_fields = ["last_login", "date_joined"]


@admin.register(Group)
class GroupAdmin(StockGroupAdmin, ConsoleAdmin):  # type: ignore[misc]
    """Roles: groups of permissions, composed by people, asked for by code one permission at a time."""


@admin.register(ApiClient)
class ApiClientAdmin(ConsoleAdmin):
    """Systems that call the API."""

    list_display = ["name", "user", "may_read", "may_send", "expires_on"]
    list_select_related = ["user"]
    autocomplete_fields = ["user", "facilities"]
    search_fields = ["name"]
