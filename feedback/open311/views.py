"""The addresses of GeoReport v2. No session counts here: systems show their token, everybody else reads what is public.

Refusals are lists of errors in the format that was asked for, never a page."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import AuthenticationFailed

from accounts.api.authentication import ClientTokenAuthentication
from accounts.api.throttling import ClientThrottle
from accounts.models import User
from common import georeport
from common.api.inputs import KEY, key_from
from common.exceptions import InvalidInput, Refused
from common.public.reading import fault_of_form
from common.public.throttle import seconds_to_wait
from common.scope import become
from feedback.open311 import catalogue, reading
from feedback.open311.refusals import NothingThere, WrongKey
from feedback.open311.submitting import form_of, submit

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
READS_PER_FORM = 6  # an app asks for services, their questions and its requests where a person sends one form
TOKENS = ("Token ", "Bearer ")


class TooOften(Refused):
    """More than the rate."""

    code = "throttled"
    status = 429
    message = ""


@method_decorator(csrf_exempt, name="dispatch")
class Endpoint(View):
    """One address: who asks, how often, which jurisdiction; then the answer, or why not."""

    http_method_names = ["get", "head", "options"]
    throttle_scope = "intake"

    def dispatch(self, request: Any, *, form: str, **named: str) -> HttpResponse:  # type: ignore[override]
        if request.method.lower() not in self.http_method_names:
            allowed = ", ".join(name.upper() for name in self.http_method_names)
            sentence = _("This address does not take this method.")
            return georeport.errors(form, 405, sentence, headers={"Allow": allowed})
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": ", ".join(map(str.upper, self.http_method_names))})
        try:
            return self._answered(request, form, named)
        except InvalidInput as refusal:
            told = [f"{name}: {said}" for name, sentences in refusal.fields.items() for said in sentences]
            return georeport.errors(form, refusal.status, *told)
        except Refused as refusal:
            headers = {"Retry-After": str(refusal.extra["wait"])} if "wait" in refusal.extra else None
            return georeport.errors(form, refusal.status, refusal, headers=headers)

    def _answered(self, request: HttpRequest, form: str, named: dict[str, str]) -> HttpResponse:
        is_post = request.method == "POST"
        if is_post:
            _refuse_unreadable(request)
        elif wait := seconds_to_wait(request, "open311", READS_PER_FORM):
            raise TooOften(_("Too many requests. Try again a little later."), wait=wait)
        caller = caller_of(request)
        with override(caller.language if caller else get_language()):
            _refuse_other_jurisdiction(request)
            deed: Callable[..., HttpResponse] = self.post if is_post else self.get  # type: ignore[attr-defined]
            return deed(request, form, caller, **named)


def caller_of(request: HttpRequest) -> User | None:
    """The system that shows a token: in the header, as `api_key` of the form, or of the query. Nobody without one.
    Raises `WrongKey` for one that does not hold. One query."""
    header = request.headers.get("Authorization", "")
    shown = next((header.removeprefix(word).strip() for word in TOKENS if header.startswith(word)), "")
    token = shown or request.POST.get("api_key", "") or request.GET.get("api_key", "")
    if not token:
        return None
    try:
        user, auth = ClientTokenAuthentication().authenticate_credentials(token[:200].encode("utf-8", "surrogatepass"))
    except AuthenticationFailed:
        raise WrongKey from None
    become(auth.scope)
    request.user = user
    return user


def _refuse_unreadable(request: HttpRequest) -> None:
    if "HTTP_TRANSFER_ENCODING" in request.META and not request.META.get("CONTENT_LENGTH"):
        raise InvalidInput({"Content-Length": [_("Send the length of the body (Content-Length).")]})
    if request.content_type not in FORMS:
        raise InvalidInput({"Content-Type": [_("Send a form: application/x-www-form-urlencoded, in UTF-8.")]})
    status = fault_of_form(request)
    if not status and request.content_type == FORMS[0]:
        try:
            request.body.decode("ascii")  # everything else is written with percent signs
        except UnicodeDecodeError:
            status = 400 if not _is_utf8(request.body) else 0
    if status == 413:
        raise _Unreadable(_("The request is too large."), is_too_large=True)
    if status:
        raise _Unreadable(_("The form cannot be read. Send it anew, in UTF-8."))


class _Unreadable(Refused):
    """A body that is no form, or too large a one."""

    code = "bad_request"
    status = 400
    message = ""

    def __init__(self, message: str, is_too_large: bool = False) -> None:
        self.status = 413 if is_too_large else 400
        super().__init__(message)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_other_jurisdiction(request: HttpRequest) -> None:
    asked = request.POST.get("jurisdiction_id", "") or request.GET.get("jurisdiction_id", "")
    if asked and asked != settings.OPEN311_JURISDICTION:
        sentence = _("jurisdiction_id: this endpoint serves %(ours)s only. The parameter may be left out.")
        raise NothingThere(sentence % {"ours": settings.OPEN311_JURISDICTION})


class Discovery(Endpoint):
    """Where the endpoint is."""

    def get(self, request: HttpRequest, form: str, caller: User | None) -> HttpResponse:
        return georeport.document(form, "discovery", catalogue.discovery())


class ServiceList(Endpoint):
    """Which services there are."""

    def get(self, request: HttpRequest, form: str, caller: User | None) -> HttpResponse:
        return georeport.document(form, "services", catalogue.service_list())


class ServiceDefinition(Endpoint):
    """What is asked beside a service."""

    def get(self, request: HttpRequest, form: str, caller: User | None, code: str) -> HttpResponse:
        return georeport.document(form, "service_definition", catalogue.definition(code))


class Requests(Endpoint):
    """Take a request in; list those that may be read."""

    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: HttpRequest, form: str, caller: User | None) -> HttpResponse:
        told = reading.requests(reading.asked_by(request.GET), caller)
        return georeport.document(form, "service_requests", told)

    def post(self, request: HttpRequest, form: str, caller: User | None) -> HttpResponse:
        sender = _may_send(caller)
        throttle = ClientThrottle()
        if not throttle.allow_request(SimpleNamespace(user=sender), self):  # type: ignore[arg-type]
            raise TooOften(_("Too many requests. Try again a little later."), wait=int(throttle.wait()) + 1)
        key = key_from(request) if request.headers.get(KEY) else ""
        received = submit(form_of(request), key=key, by=sender)
        told = {
            "service_request_id": received.case.reference,
            "service_notice": _("The department has received this and looks into it. In an emergency ring 115."),
            "account_id": None,
        }
        headers = None if received.is_new else {"Idempotent-Replayed": "true"}
        return georeport.document(form, "service_requests", [told], status=200, headers=headers)


def _may_send(caller: User | None) -> User:
    if caller is None:
        raise WrongKey
    assert caller.client is not None  # it came with a token
    if not (caller.client.may_send and caller.has_perm("feedback.send_intake")):
        raise WrongKey(_("This api_key may not send. Nothing was stored."))
    if not caller.client.channel_code:
        raise WrongKey(_("This api_key belongs to no channel, so nobody would know where the feedback came from."))
    return caller


class OneRequest(Endpoint):
    """One request that may be read."""

    def get(self, request: HttpRequest, form: str, caller: User | None, number: str) -> HttpResponse:
        return georeport.document(form, "service_requests", reading.one_request(number, caller))


class Token(Endpoint):
    """Which request came under a key."""

    def get(self, request: HttpRequest, form: str, caller: User | None, token: str) -> HttpResponse:
        return georeport.document(form, "service_requests", reading.by_token(token, caller))
