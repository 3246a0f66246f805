"""What an analysis lacks before it can be sent: each missing element by its field, with the part of Annex IV."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents.choices import Part, Told
from incidents.models import Analysis
from incidents.taxonomy import lists

LEAST_MOMENTS, LEAST_WHYS, LEAST_EXPERTS = 2, 2, 2
OTHER_IMPACT = "OI7"
NEEDED: dict[str, tuple[Part, Promise]] = {  # field, where it stands in the form, what is missing when it is blank
    "details": (Part.DETAILS, _("The detailed description (A.I)")),
    "types": (Part.TYPES, _("At least one type of incident (A.II)")),
    "treatment": (Part.TREATMENT, _("The treatment and orders carried out (A.III)")),
    "causes": (Part.CAUSES, _("At least one cause (A.IV)")),
    "root_cause": (Part.CAUSES, _("The root cause (A.IV)")),
    "corrective": (Part.CORRECTIVE, _("The corrective action (A.V)")),
    "advice": (Part.ADVICE, _("The recommendation for prevention (A.VI)")),
    "findings": (Part.FINDINGS, _("What the expert group found (B.I)")),
    "discussed": (Part.FINDINGS, _("Whether it was discussed with the reporter (B.I)")),
    "conforms": (Part.FINDINGS, _("Whether it is in line with official recommendations (B.I)")),
}


def lacks(analysis: Analysis, noticed_at: datetime | None, at: datetime) -> dict[str, Promise | str]:
    """Everything that keeps the analysis from being sent, by field, in the order of the form. No query."""
    found: dict[str, Promise | str] = {
        name: words for name, (_part, words) in NEEDED.items() if not getattr(analysis, name)
    }
    found |= _of_time_line(analysis.timeline, at)
    if len(analysis.whys) < LEAST_WHYS:
        found["whys"] = _("At least two answers to “why?”, each asking the next one")
    if unsaid := [code for code in analysis.causes if not analysis.factors.get(code)]:
        names = "; ".join(str(lists().named(code)) for code in unsaid)
        found["factors"] = _("How these causes contributed: %(names)s") % {"names": names}
    if analysis.conforms == Told.YES and not analysis.guidance:
        found["guidance"] = _("Which official recommendation it is in line with (B.I)")
    if OTHER_IMPACT in analysis.impacts and not analysis.impact_other:
        found["impact_other"] = _("Which other effect on the organisation (B.II)")
    return found | _of_experts(analysis.experts, noticed_at, at)


def _of_time_line(moments: Iterable[Mapping[str, Any]], at: datetime) -> dict[str, Promise | str]:
    known = list(moments)
    if len(known) < LEAST_MOMENTS:
        return {"timeline": _("A time line of at least two moments")}
    if any(datetime.fromisoformat(moment["at"]) > at for moment in known):
        return {"timeline": _("A moment of the time line lies in the future.")}
    return {}


def _of_experts(experts: list[dict[str, Any]], noticed_at: datetime | None, at: datetime) -> dict[str, Promise | str]:
    """The group has a head, and every member signed: on a day that has come, and not before the incident."""
    if len(experts) < LEAST_EXPERTS:
        return {"experts": _("The expert group: at least two members")}
    if sum(bool(one["is_head"]) for one in experts) != 1:
        return {"experts": _("Who heads the expert group")}
    if unsigned := [one["name"] for one in experts if not one["signed_on"]]:
        return {"experts": _("The signature of: %(names)s") % {"names": ", ".join(unsigned)}}
    days = [date.fromisoformat(one["signed_on"]) for one in experts]
    if max(days) > timezone.localdate(at):
        return {"experts": _("A signature lies in the future.")}
    if noticed_at is not None and min(days) < timezone.localdate(noticed_at):
        return {"experts": _("A signature lies before the incident was noticed.")}
    return {}
