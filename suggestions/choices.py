"""Keeping what was suggested beside what a person chose, after a call and after a correction."""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import timezone

from common.scope import as_system
from feedback.choices import Status, Urgency
from feedback.models import Case
from suggestions.engine.model import OUTSIDE
from suggestions.models import About, Door, Fit, SuggestionChoice
from suggestions.suggesting import Suggested, suggest
from suggestions.versions import in_use

SALT = "suggestions.call"
LONGEST_CALL = 12 * 3600  # seconds after which a seal says nothing any more
LONGEST_SEAL = 2000


def seal(said: Suggested, version: str) -> str:
    """What a form showed, for the form to bring back: codes and scores, sealed, so that only what was shown counts."""
    return signing.dumps(_codes_of(said, version), salt=SALT, compress=True)


def _codes_of(said: Suggested, version: str) -> dict[str, Any]:
    return {
        "facility": said.facility.code if said.facility else "",
        "facility_score": said.named.score if said.named else None,
        "categories": [one.code for one in said.categories],
        "category_score": round(said.categories[0].score, 3) if said.categories else None,
        "emergency": said.is_emergency,
        "outside": said.is_outside,
        "version": version,
    }


def after_call(case: Case, shown: str) -> None:
    """A call is on record: keep what stood beside its form and what the operator chose. Nothing was shown, nothing is
    kept."""
    if case.is_confidential or not settings.SUGGESTIONS_ARE_ON or not 0 < len(shown) < LONGEST_SEAL:
        return
    try:
        codes = signing.loads(shown, salt=SALT, max_age=LONGEST_CALL)
    except signing.BadSignature:
        return
    _keep(Door.CALL, codes, case, tuple(About))


def after_filing(case: Case, names: Collection[str]) -> None:
    """A case was filed anew: keep what its page suggested, which is read from the text again, for the fields set."""
    about = [one for one in (About.FACILITY, About.CATEGORY, About.URGENCY) if one in names]
    if case.is_confidential or not settings.SUGGESTIONS_ARE_ON or not about:
        return
    used = in_use()
    said = suggest(case.body, used.model)
    if said is not None:
        _keep(Door.CASE, _codes_of(said, used.version), case, about)


def _keep(door: Door, codes: dict[str, Any], case: Case, about: Sequence[About]) -> None:
    today = timezone.localdate()
    chosen = _chosen(case)
    first, *others = codes["categories"] or [""]
    suggested: dict[About, tuple[str, list[str], float | None]] = {
        About.FACILITY: (codes["facility"], [], codes["facility_score"]),
        About.CATEGORY: (first, others, codes["category_score"]),
        About.URGENCY: (Urgency.EMERGENCY if codes["emergency"] else "", [], None),
        About.SCOPE: (OUTSIDE if codes["outside"] else "", [], None),
    }
    with as_system():
        SuggestionChoice.objects.bulk_create(
            SuggestionChoice(
                on=today, door=door, about=one, suggested=code, others=rest, score=score, version=codes["version"],
                chosen=chosen[one], fit=fit_of(code, rest, chosen[one]),
            )
            for one, (code, rest, score) in suggested.items()
            if one in about and (code or chosen[one])
        )  # fmt: skip


def _chosen(case: Case) -> dict[About, str]:
    category = case.category.code if case.category else ""
    is_outside = category == OUTSIDE or case.status == Status.OUT_OF_SCOPE
    return {
        About.FACILITY: case.facility.code if case.facility else "",
        About.CATEGORY: category,
        About.URGENCY: Urgency.EMERGENCY if case.urgency == Urgency.EMERGENCY else "",
        About.SCOPE: OUTSIDE if is_outside else "",
    }


def fit_of(suggested: str, others: Sequence[str], chosen: str) -> Fit:
    """What became of a suggestion. Pure."""
    if not suggested:
        return Fit.MISSED
    if not chosen:
        return Fit.LEFT
    if chosen == suggested:
        return Fit.TAKEN
    return Fit.AMONG if chosen in others else Fit.OTHER
