"""The pages of emulation: rounds of scores, one of them, and proposals with what they stand on.

A facility finds its own score here once it was published, and nothing of others."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from common.exceptions import StaleVersion
from common.reasons import ReasonField
from common.refusals import tried
from directives.admin.forms import DayInput
from directives.admin.narrowing import number
from directives.admin.shared import GET_POST, deed_page, shown, stale, tried_or_stale
from directives.choices import MeritKind, MeritState, ScorePart
from directives.clocks import name_of
from directives.emulation import merits, scoring
from directives.models import MeritProposal, ScoreRound, UnitScore
from directives.visibility import EVERY
from facilities.models import Facility

PER_PAGE = 100
LIST = "admin:directives_assignment_scores"
DECISIONS = {
    MeritState.AGREED: (gettext_lazy("Agree to the proposal"), "primary"),
    MeritState.REFUSED: (gettext_lazy("Refuse the proposal"), "warning"),
    MeritState.TAKEN_BACK: (gettext_lazy("Take the proposal back"), "plain"),
}


def _reader(request: HttpRequest) -> Any:
    if not request.user.has_perm("directives.view_assignment"):
        raise PermissionDenied
    return request.user


def _round(request: HttpRequest, round_id: int) -> ScoreRound:
    """The round, as this person sees it. Raises `Http404` when it is absent or not theirs to see."""
    rows = ScoreRound.objects.visible_to(_reader(request)).select_related("drawn_by", "published_by")
    found = rows.filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found


def _page_of(found: ScoreRound) -> str:
    return reverse("admin:directives_assignment_score_round", args=[found.pk])


@require_GET
def scores(request: HttpRequest) -> HttpResponse:
    """Every round that its reader sees; for the department with what waits for a decision."""
    user = _reader(request)
    waiting = MeritProposal.objects.visible_to(user).filter(state=MeritState.PROPOSED)
    context = {
        "rounds": ScoreRound.objects.visible_to(user).select_related("drawn_by")[:PER_PAGE],
        "own": _own(user),
        "waiting": waiting.select_related("facility", "proposed_by", "round")[:PER_PAGE],
        "sees_all": user.has_perm(EVERY.permission),
        "may_propose": user.has_perm(scoring.PROPOSE),
        "weights": scoring.weights_on(timezone.localdate()),
        "labels": dict(ScorePart.choices),
    }
    return shown(request, "scores", _("Emulation"), context)


def _own(user: Any) -> Any:
    """The published scores of the reader's facilities; nothing for the department."""
    if user.has_perm(EVERY.permission):
        return []
    rows = UnitScore.objects.visible_to(user).select_related("round", "facility").order_by("-round__as_of", "facility")
    return [(row, _said_parts(row)) for row in rows[:PER_PAGE]]


class RoundForm(forms.Form):
    """Which days are scored."""

    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=scoring.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_http_methods(GET_POST)
def begin(request: HttpRequest) -> HttpResponse:
    """Draw up the scores of some months."""
    user = _reader(request)
    if not user.has_perm(scoring.PROPOSE):
        raise PermissionDenied
    today = timezone.localdate()
    first = {"starts_on": today.replace(month=1, day=1), "ends_on": today}
    form = RoundForm(request.POST if request.method == "POST" else None, initial=first)
    heading = _("Draw up scores")
    if request.method == "POST":
        made = tried(form, lambda given: scoring.draw_up(by=user, **given))
        if made:
            messages.success(
                request, _("The scores were drawn up. Only the department sees them until they are published.")
            )
            return HttpResponseRedirect(_page_of(made))
    return deed_page(request, form, heading, (reverse(LIST), _("Emulation")))


@require_GET
def score_round(request: HttpRequest, round_id: int) -> HttpResponse:
    """One round: the scores that its reader sees with their parts, the highest first, and what is proposed."""
    found, user = _round(request, round_id), request.user
    rows = (
        UnitScore.objects.visible_to(user)
        .filter(round=found)
        .select_related("facility")
        .order_by(F("points").desc(nulls_last=True), "id")
    )
    page = Paginator(rows, PER_PAGE).get_page(number(request.GET.get("p", "")) or 1)
    proposals = MeritProposal.objects.visible_to(user).filter(round=found)
    context = {
        "round": found,
        "page": page,
        "rows": [(row, _said_parts(row)) for row in page.object_list],
        "proposals": proposals.select_related("facility", "proposed_by", "decided_by").annotate(
            duties=Count("evidence")
        ),
        "parts": [(ScorePart(one["part"]).label, one["points"], one["source"]) for one in found.weights],
        "sees_all": user.has_perm(EVERY.permission),
        "may_propose": user.has_perm(scoring.PROPOSE),
        "may_publish": found.published_at is None and user.has_perm(scoring.DECIDE) and found.drawn_by_id != user.pk,
    }
    return shown(request, "score_round", str(found), context)


def _said_parts(row: UnitScore) -> list[dict[str, Any]]:
    return [
        {**one, "label": ScorePart(one["part"]).label, "said": (one["points"] or "").replace(".", ",")}
        for one in row.parts
    ]


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


@require_http_methods(GET_POST)
def publish(request: HttpRequest, round_id: int) -> HttpResponse:
    """Let each facility read its own score."""
    found = _round(request, round_id)
    if not request.user.has_perm(scoring.DECIDE):
        raise PermissionDenied
    form = VersionForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    back, heading = (_page_of(found), str(found)), _("Publish the scores")
    lead = _("Each facility then reads its own score and its parts, and nothing of others.")

    def deed(given: dict[str, Any]) -> ScoreRound:
        return scoring.publish(found, by=request.user, **given)

    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(request, _("The scores are published."))
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, heading, back, lead=lead)
    return deed_page(request, form, heading, back, lead=lead)


# --- proposals -------------------------------------------------------------------------------------------------------


class ProposalForm(forms.Form):
    """What is proposed, why, and which duties show it."""

    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=MeritKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("On what grounds"), max_length=merits.LONGEST, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, offered: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.duties = {str(one.pk): one for one in offered}
        self.fields["evidence"] = forms.MultipleChoiceField(
            label=_("Duties that show it"),
            choices=[(key, _said_duty(one)) for key, one in self.duties.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose the duties that show it.")},
        )


def _said_duty(one: Any) -> str:
    name = name_of(one.obligation.code, one.due_on)
    return f"{name} – {one.obligation.title[:90]} ({one.get_status_display()})"


@require_http_methods(GET_POST)
def propose(request: HttpRequest, round_id: int, facility_id: int) -> HttpResponse:
    """Propose a commendation or a sanction for a unit."""
    found, user = _round(request, round_id), request.user
    if not user.has_perm(scoring.PROPOSE):
        raise PermissionDenied
    score = (
        UnitScore.objects.visible_to(user).select_related("facility").filter(round=found, facility=facility_id).first()
    )
    if score is None:
        raise Http404
    facility: Facility = score.facility
    duties = list(merits.duties_of(found, facility, user)[:500])
    form = ProposalForm(request.POST if request.method == "POST" else None, offered=duties)
    heading = _("Propose a commendation or a sanction")

    def deed(given: dict[str, Any]) -> MeritProposal:
        chosen = [form.duties[key] for key in given["evidence"]]
        return merits.propose(found, facility, given["kind"], given["reason"], chosen, by=user)

    if request.method == "POST" and (made := tried(form, deed)):
        messages.success(request, _("Proposed. Another person decides."))
        return HttpResponseRedirect(reverse("admin:directives_assignment_merit", args=[made.pk]))
    return deed_page(request, form, heading, (_page_of(found), str(found)), lead=facility.name)


def _proposal(request: HttpRequest, proposal_id: int) -> MeritProposal:
    rows = MeritProposal.objects.visible_to(_reader(request)).select_related(
        "facility", "round", "proposed_by", "decided_by"
    )
    found = rows.filter(pk=proposal_id).first()
    if found is None:
        raise Http404
    return found


@require_GET
def merit(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One proposal with the duties it stands on, and what was decided."""
    found, user = _proposal(request, proposal_id), request.user
    evidence = found.evidence.select_related("assignment__obligation", "assignment__facility", "assignment__directive")
    score = UnitScore.objects.visible_to(user).filter(round=found.round_id, facility=found.facility_id).first()
    context = {
        "proposal": found,
        "evidence": [one.assignment for one in evidence.order_by("assignment__period", "id")],
        "score": score,
        "parts": _said_parts(score) if score else [],
        "now": timezone.now(),
        "steps": [
            {"state": str(one), "label": DECISIONS[one][0], "tone": DECISIONS[one][1]}
            for one in merits.allowed(found, user)
        ],
    }
    return shown(request, "merit", f"{found.get_kind_display()} – {found.facility}", context)


class DecisionForm(VersionForm):
    reason = ReasonField()


@require_http_methods(GET_POST)
def decide(request: HttpRequest, proposal_id: int, state: str) -> HttpResponse:
    """Agree, refuse, or take one's own back; with a reason."""
    found = _proposal(request, proposal_id)
    back = (reverse("admin:directives_assignment_merit", args=[found.pk]), found.facility.name)
    if state not in MeritState.values or MeritState(state) not in DECISIONS:
        raise Http404
    if MeritState(state) not in merits.allowed(found, request.user):
        if found.state == MeritState.PROPOSED:
            raise PermissionDenied
        messages.error(request, _("This was decided already."))
        return HttpResponseRedirect(back[0])
    label, tone = DECISIONS[MeritState(state)]
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"version": found.version})

    def deed(given: dict[str, Any]) -> MeritProposal:
        return merits.decide(found, state, by=request.user, **given)

    try:
        if request.method == "POST" and tried_or_stale(form, deed):
            messages.success(request, _("%(reference)s: %(step)s – done.") % {"reference": back[1], "step": label})
            return HttpResponseRedirect(back[0])
    except StaleVersion as refusal:
        return stale(request, form, refusal, str(label), back)
    return deed_page(request, form, str(label), back, tone=tone, lead=found.reason)
