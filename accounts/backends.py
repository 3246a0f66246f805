"""Where permissions come from."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import RoleGrant


class GrantBackend(ModelBackend):
    """Signs people in as Django does; what they may do comes from the roles they hold today, and from nothing else.

    One query for a person object's life; the next request asks anew, so a role that ends is gone with it."""

    def _get_user_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        held = RoleGrant.objects.valid_on(timezone.localdate()).filter(user=user_obj)
        return Permission.objects.filter(group__in=held.values("group"))
