"""What a system says it sent, for comparison with what is held; it reads back the differences of its own lists."""

import json
from datetime import UTC
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.permissions import MaySend
from accounts.api.throttling import ClientThrottle
from common.api.inputs import StrictSerializer, Text, key_from, read
from common.api.operations import READ, READ_ONE, Operation
from common.api.views import ApiView, json_response
from common.exceptions import InvalidInput
from feedback.api.operations import KEY
from feedback.api.senders import source_of
from feedback.models import Difference, Reconciliation
from feedback.models.runs import DifferenceKind, RunState
from feedback.reconciling.stating import MOST, Stated, by_system, stated

MOST_TOLD = 1000  # differences in one answer; more than that is a talk between people


class StatedInput(StrictSerializer):
    """One submission, as its sender tells of it."""

    number = Text(allow_blank=False, max_length=100)
    sent_on = Text(required=False, max_length=40)
    reference = Text(required=False, max_length=20)


class ReconciliationInput(StrictSerializer):
    """Everything that was sent within some days."""

    since = serializers.DateField()
    until = serializers.DateField()
    submissions = StatedInput(many=True)


class DifferenceRow(serializers.Serializer):
    """One number on which the two sides disagree."""

    number = serializers.CharField()
    difference = serializers.ChoiceField(choices=DifferenceKind.choices)
    stated = serializers.CharField(allow_blank=True)
    held = serializers.CharField(allow_blank=True)
    is_settled = serializers.BooleanField()


class ReconciliationReceipt(serializers.Serializer):
    """Where a comparison stands, and once it is done what differs."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=RunState.choices)
    since = serializers.DateField()
    until = serializers.DateField()
    stated = serializers.IntegerField()
    agreed = serializers.IntegerField()
    handed_in_at = serializers.DateTimeField()
    differences = DifferenceRow(many=True)


_HANDED_IN = {
    "id": 41,
    "state": "waiting",
    "since": "2026-11-29",
    "until": "2026-11-29",
    "stated": 2,
    "agreed": 0,
    "handed_in_at": "2026-11-30T01:00:00+00:00",
    "differences": [],
}
_MISSING = {
    "number": "1022-88413",
    "difference": "not_here",
    "stated": "2026-11-29",
    "held": "",
    "is_settled": False,
}
HAND_IN = {
    "post": Operation(
        _("Say what was sent"),
        _(
            "Hand in the numbers of everything that was sent within some days; a worker compares them with what is"
            " held. Numbers, days and our references only: nothing about people. The same call again answers the same."
        ),
        sent=ReconciliationInput,
        answers={202: ReconciliationReceipt},
        problems=(*READ, 409, 413, 415, 429),
        headers=(KEY,),
        example=_HANDED_IN,
        sent_example={
            "since": "2026-11-29",
            "until": "2026-11-29",
            "submissions": [
                {"number": "1022-88412", "sent_on": "2026-11-29", "reference": "PA-2026-000123"},
                {"number": "1022-88413", "sent_on": "2026-11-29"},
            ],
        },
    )
}
READ_BACK = {
    "get": Operation(
        _("Read how a list of one's own came out"),
        answers={200: ReconciliationReceipt},
        problems=READ_ONE,
        example=_HANDED_IN | {"state": "done", "agreed": 1, "differences": [_MISSING]},
    )
}


class Reconciliations(ApiView):
    """Hand a list in."""

    permission_classes: ClassVar[list[Any]] = [MaySend]
    throttle_classes: ClassVar[list[Any]] = [ClientThrottle]
    throttle_scope = "intake"
    serializer_class = ReconciliationReceipt
    operations = HAND_IN

    def post(self, request: Request) -> HttpResponse:
        key = key_from(request)
        wanted = read(ReconciliationInput, request)
        rows = _rows(wanted["submissions"])
        source, days = source_of(request.user), {"since": wanted["since"], "until": wanted["until"]}
        kept = by_system(rows, key=key, source=source, by=request.user, **days)
        return json_response(_body(kept, []), 202)


class OneReconciliation(ApiView):
    """How a list of one's own came out."""

    permission_classes: ClassVar[list[Any]] = [MaySend]
    serializer_class = ReconciliationReceipt
    operations = READ_BACK

    def get(self, request: Request, number: int) -> HttpResponse:
        kept = Reconciliation.objects.visible_to(request.user).filter(pk=number).first()
        if kept is None:
            raise Http404
        found = Difference.objects.visible_to(request.user).filter(about=kept).order_by("id")
        return json_response(_body(kept, found[:MOST_TOLD]))


def _rows(given: list[dict[str, str]]) -> list[Stated]:
    if len(given) > MOST:
        raise InvalidInput({"submissions": [_("At most %(count)s at a time.") % {"count": MOST}]})
    rows, wrong = [], {}
    for nth, row in enumerate(given):
        try:
            rows.append(stated(row["number"], row.get("sent_on", ""), row.get("reference", "")))
        except ValueError as fault:
            wrong[f"submissions.{nth}"] = [str(fault)]
        if len(wrong) == 5:
            break
    if wrong:
        raise InvalidInput(wrong)
    return rows


def _body(kept: Reconciliation, found: Any) -> bytes:
    told = [
        {
            "number": one.number,
            "difference": one.kind,
            "stated": one.stated,
            "held": one.held,
            "is_settled": one.settled_at is not None,
        }
        for one in found
    ]
    document = {
        "id": kept.pk,
        "state": str(kept.state),
        "since": kept.since.isoformat(),
        "until": kept.until.isoformat(),
        "stated": kept.total,
        "agreed": kept.agreed,
        "handed_in_at": kept.at.astimezone(UTC).isoformat(),
        "differences": told,
    }
    return json.dumps(document).encode()
