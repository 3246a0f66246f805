"""Where permissions come from."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, DateField, QuerySet
from django.utils import timezone

from accounts.models import RoleGrant, User
from common.statements import Slot, statement


class GrantBackend(ModelBackend):
    """Signs people in as Django does; what they may do comes from the roles they hold today, and from nothing else.

    One query for a person object's life; the next request asks anew, so a role that ends is gone with it."""

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        is_known_beforehand = obj is not None or not user_obj.is_active or user_obj.is_superuser
        if is_known_beforehand:
            found: set[str] = super()._get_permissions(user_obj, obj, from_name)  # type: ignore[misc]
            return found
        if from_name == "user":  # nobody has rights of their own: not even a question is written for them
            return set()
        if not hasattr(user_obj, "_group_perm_cache"):
            kept = statement(
                GrantBackend, lambda: _rights_of(Slot("user", BigIntegerField()), Slot("day", DateField()))
            )
            rows = kept.rows(user=user_obj.pk, day=timezone.localdate())
            user_obj._group_perm_cache = {f"{app_label}.{codename}" for app_label, codename in rows}
        return user_obj._group_perm_cache  # type: ignore[no-any-return]

    def _get_user_permissions(self, user_obj: Any) -> QuerySet[Permission]:
        return Permission.objects.none()

    def get_user(self, user_id: Any) -> User | None:
        """As Django's, by a statement that is written and planned once: every page of the console asks it."""
        kept = statement(User, lambda: User.objects.filter(pk=Slot("user", BigIntegerField())))
        for row in kept.rows(user=user_id):
            user = User.from_db(DEFAULT_DB_ALIAS, [field.attname for field in User._meta.concrete_fields], row)
            return user if self.user_can_authenticate(user) else None
        return None


def _rights_of(user: Any, day: Any) -> QuerySet[Permission, tuple[Any, ...]]:
    held = RoleGrant.objects.valid_on(day).filter(user=user)
    rights = Permission.objects.filter(group__in=held.values("group"))
    return rights.values_list("content_type__app_label", "codename").order_by()
