"""The entrance for other systems: one submission, once."""

import json
from datetime import UTC
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from accounts.api.permissions import MaySend
from accounts.api.throttling import ClientThrottle
from accounts.scope import Client
from common.api.inputs import key_from, read
from common.api.views import ApiView, json_response
from common.exceptions import InvalidInput
from feedback.api import operations
from feedback.api.senders import source_of
from feedback.api.serializers import IntakeInput, IntakeReceipt
from feedback.api.views import RIGHT
from feedback.choices import Status
from feedback.intake import Incoming, Received, receive
from feedback.models import Case


class Intake(ApiView):
    """Take a submission in. The key names it for good: a retry under the same key changes nothing and gets the same
    answer, another content under it is refused."""

    permission_classes: ClassVar[list[Any]] = [MaySend]
    throttle_classes: ClassVar[list[Any]] = [ClientThrottle]
    throttle_scope = "intake"
    serializer_class = IntakeReceipt
    operations = operations.INTAKE

    def post(self, request: Request) -> HttpResponse:
        key = key_from(request)
        client = request.user.client
        wanted = read(IntakeInput, request)
        wanted["channel"] = _channel_for(client, wanted.get("channel", ""))
        received = receive(Incoming(source=source_of(request.user), source_id=key, **wanted), by=request.user)
        return _answer(request, received)


def _channel_for(client: Client, wanted: str) -> str:
    if client.channel_code and wanted not in ("", client.channel_code):
        sentence = _("This API client sends through the channel %(code)s only.") % {"code": client.channel_code}
        raise InvalidInput({"channel": [sentence]})
    return client.channel_code or wanted


def _may_read(user: Any, case: Case) -> bool:
    """Would the case's address answer this sender? One query, for systems that may read at all."""
    if not (user.client.may_read and user.has_perm("feedback.read_api") and user.has_perm(RIGHT)):
        return False
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def _answer(request: Request, received: Received) -> HttpResponse:
    case = received.case
    answer: dict[str, object] = {
        "reference": case.reference,
        "status": str(Status.RECEIVED),
        "received_at": case.received_at.astimezone(UTC).isoformat(),
    }
    headers = {}
    if _may_read(request.user, case):
        address = request.build_absolute_uri(reverse("api:case", args=[case.reference]))
        answer["links"], headers = {"case": address}, {"Location": address}
    body = json.dumps(answer).encode()
    if received.is_new:
        return json_response(body, 201, **headers)
    return json_response(body, **{"Idempotent-Replayed": "true"})
