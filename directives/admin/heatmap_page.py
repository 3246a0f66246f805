"""The page of the heat map. Its cells are written as text and not by a template: there are tens of thousands."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from directives.admin.narrowing import asked_of, facilities_of, groups, number, of_directive, offered
from directives.admin.shared import shown
from directives.choices import OF_FACILITIES
from directives.heatmap import MOST_ROWS, STANDINGS, HeatMap
from directives.heatmap import heat_map as drawn
from directives.models import Obligation
from facilities.choices import FacilityStatus

EMPTY = '<td data-s="none"></td>'


@require_GET
def heat_map(request: HttpRequest) -> HttpResponse:
    """Facilities down, obligations across; narrowed by area, former province, kind and directive."""
    user: Any = request.user
    if not user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    asked = asked_of(request)
    facilities = facilities_of(user, asked).exclude(status=FacilityStatus.ENDED)
    obligations = Obligation.objects.visible_to(user).filter(parties__overlap=[str(one) for one in OF_FACILITIES])
    obligations = obligations.filter(of_directive(asked))
    page = max(number(asked["p"]), 1)
    start = (min(page, 100) - 1) * MOST_ROWS
    picture = drawn(user, facilities[start : start + MOST_ROWS], obligations, timezone.now())
    counts = picture.counts()
    context = {
        "picture": picture,
        "head": _head(picture),
        "body": drawn_body(picture),
        "legend": STANDINGS,
        "summary": [(row, [counts[row.pk][place] for place in range(len(STANDINGS))]) for row in picture.obligations],
        "rolled_up": _rolled_up(picture),
        **offered(user, asked),
        "page": page,
        "has_more": len(picture.facilities) == MOST_ROWS,
        "now": timezone.now(),
    }
    return shown(request, "heat_map", _("Heat map of duties"), context)


def _rolled_up(picture: HeatMap) -> list[tuple[str, list[tuple[str, list[int]]]]]:
    """The same cells by kind of facility, by what the provinces were, and by what the wards are now."""
    places = range(len(STANDINGS))
    return [
        (title, [(name, [counts[place] for place in places]) for name, counts in picture.rolled_up(group).items()])
        for title, group in groups().items()
    ]


def _head(picture: HeatMap) -> SafeString:
    before, after = reverse("admin:directives_directive_change", args=[0]).split("0", 1)
    cells = [
        f'<th scope="col"><a href="{before}{row.directive_id}{after}#nhiem-vu"'
        f' title="{escape(row.title)}"><span>{escape(row.code)}</span></a></th>'
        for row in picture.obligations
    ]
    return mark_safe("".join(cells))


def drawn_body(picture: HeatMap) -> SafeString:
    """Every row; texts of ours are escaped once, not once a cell."""
    before, after = reverse("admin:directives_assignment_change", args=[0]).split("0", 1)
    link = {
        place: (
            f'<td data-s="{one.code}"><a href="{before}',
            f'{after}" title="',
            f': {escape(one.label)}">{one.sign or "&nbsp;"}</a></td>',
        )
        for place, one in enumerate(STANDINGS)
    }
    columns = [(row.pk, escape(row.code)) for row in picture.obligations]
    base = reverse("admin:directives_assignment_changelist")
    rows, cells = [], picture.cells
    for facility in picture.facilities:
        parts = [
            f'<tr><th scope="row"><a href="{base}?queue=all&amp;facility={facility.pk}">',
            f"{escape(facility.name)}</a></th>",
        ]
        for pk, code in columns:
            found = cells.get((facility.pk, pk))
            if found is None:
                parts.append(EMPTY)
            else:
                first, second, third = link[found[0]]
                parts.append(f"{first}{found[1]}{second}{code}{third}")
        parts.append("</tr>")
        rows.append("".join(parts))
    return mark_safe("".join(rows))
