"""The page of one assignment."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from common.history import changes_of, occasions_of
from deadlines.services import deadlines_of
from directives import reporting, takeover
from directives.admin.assignments.finding import seen
from directives.admin.shared import shown
from directives.choices import Status
from directives.clocks import name_of
from directives.models import ComplianceReport, Indicator
from directives.transitions import allowed_moves, is_own


@require_GET
def assignment_page(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Everything about one assignment, from top to bottom: what is asked, what was reported, what happened."""
    assignment, user = seen(request, assignment_id), request.user
    own = is_own(assignment, user)
    reports = (
        ComplianceReport.objects.visible_parts(user, assignment=assignment)
        .select_related("written_by")
        .prefetch_related("values__indicator", "proofs__file__evidence")
        .order_by("-number")
    )
    is_writable = assignment.status in (Status.OPEN, Status.RETURNED)
    name = name_of(assignment.obligation.code, assignment.due_on)
    context = {
        "assignment": assignment,
        "obligation": assignment.obligation,
        "name": name,
        "now": timezone.now(),
        "reports": reports,
        "indicators": Indicator.objects.filter(obligation=assignment.obligation_id, is_asked=True),
        "may_write": own and is_writable,
        "lacks": list(reporting.missing(assignment, by=user).values()) if own and is_writable else [],
        "steps": [
            {
                "status": str(to),
                "move": one,
                "url": reverse("admin:directives_assignment_step", args=[assignment.pk, to]),
            }
            for to, one in allowed_moves(assignment, user).items()
        ],
        "may_take_over": takeover.may_take_over(assignment, user),
        "clocks": list(deadlines_of(assignment)),
        "is_inside": user.has_perm(
            "directives.view_every_directive"
        ),  # how high it was reported is the department's business
        "entries": occasions_of(changes_of(assignment, hidden=("id", "version", "facility", "period"), reader=user)),
        "today": timezone.localdate(),
    }
    return shown(request, "assignment", name, context)
