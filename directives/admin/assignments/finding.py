"""What the pages of assignments share: finding the one that its reader sees, and the way back to it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from directives.clocks import name_of
from directives.models import Assignment


def seen(request: HttpRequest, assignment_id: int) -> Assignment:
    """The assignment, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    if not request.user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    rows = Assignment.objects.visible_to(request.user).select_related(
        "obligation__clause", "directive", "facility__successor", "taken_over_by__facility", "checked_by"
    )
    found = rows.filter(pk=assignment_id).first()
    if found is None:
        raise Http404
    return found


def address_of(assignment: Assignment) -> str:
    return reverse("admin:directives_assignment_change", args=[assignment.pk])


def back_of(assignment: Assignment) -> tuple[str, str]:
    return address_of(assignment), name_of(assignment.obligation.code, assignment.due_on)
