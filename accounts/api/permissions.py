"""What a caller of the API may do at all. Which rows they see is `visible_to`'s question, which moves the table's."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.models import User


class IsKnown(BasePermission):
    """Any system with a valid token, any person of the staff: for what is public anyway, such as codes and names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return is_known(request.user)


class MayRead(BasePermission):
    """Who has the view's `right`; a system besides only within what it may do: reading, and writing to cases only when
    it may also send."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not is_known(user) or not user.has_perm(view.right):
            return False
        if user.client is None:
            return True
        may_write = request.method in SAFE_METHODS or user.client.may_send
        return bool(user.client.may_read and may_write and user.has_perm("feedback.read_api"))


class MaySend(BasePermission):
    """Systems that may send feedback. People have the operator's form."""

    def has_permission(self, request: Request, view: Any) -> bool:
        user = request.user
        if not is_known(user) or user.client is None:
            return False
        return bool(user.client.may_send and user.has_perm("feedback.send_intake"))


def is_known(user: Any) -> bool:
    """An active account of the staff, or one that came with a token."""
    return isinstance(user, User) and user.is_active and (user.client is not None or user.is_staff)
