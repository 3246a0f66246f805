"""An entry as a sentence. Whoever did it stands before it, so the sentences begin with the verb."""

import re
from collections.abc import Callable

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.models import Act, Entry
from audit.subjects import SUBJECTS

_PERSON = re.compile(r"person (\d+)")
_WRONG = {
    "password": gettext_lazy("tried to sign in as %(record)s with a wrong password"),
    "code": gettext_lazy("tried to sign in as %(record)s with a wrong code"),
    "unopened": gettext_lazy("tried to sign in as %(record)s with a code that could not be checked"),
}
_FACTOR = {
    "set_up": gettext_lazy("set up a second step"),
    "recovery_code_used": gettext_lazy("used a recovery code"),
}
_SESSIONS = {
    "own": gettext_lazy("ended their other sessions"),
    "password": gettext_lazy("ended their other sessions with a new password"),
    "password_reset": gettext_lazy("took a new password with a code from a mail, and all their sessions ended"),
    "password_void": gettext_lazy("took the password of %(record)s away, and all their sessions ended"),
    "factor_reset": pgettext_lazy("sessions", "ended the sessions of %(record)s with the second step"),
}
_ROLES = {
    "asked": gettext_lazy("asked for a role for %(record)s, which a second person is to agree to"),
    "granted": gettext_lazy("gave a role to %(record)s"),
    "approved": gettext_lazy("agreed as the second person to a role for %(record)s"),
    "declined": gettext_lazy("declined as the second person a role for %(record)s"),
    "ended": gettext_lazy("ended a role of %(record)s"),
    "asked_token": gettext_lazy("asked to make a token of %(record)s"),
    "asked_factor": gettext_lazy("asked to reset the second step of %(record)s"),
    "asked_email": gettext_lazy("asked to change the e-mail address of %(record)s"),
    "asked_unit": gettext_lazy("asked to make %(record)s a member of a unit"),
    "asked_client": gettext_lazy("asked that %(record)s may do more"),
    "approved_client": gettext_lazy("agreed as the second person that %(record)s may do more"),
    "declined_client": gettext_lazy("declined as the second person that %(record)s may do more"),
    "narrowed_client": gettext_lazy("let %(record)s do less"),
    "approved_token": gettext_lazy("agreed as the second person to a token of %(record)s"),
    "approved_factor": gettext_lazy("agreed as the second person to reset the second step of %(record)s"),
    "approved_email": gettext_lazy("agreed as the second person to another e-mail address of %(record)s"),
    "approved_unit": gettext_lazy("agreed as the second person that %(record)s belongs to a unit"),
    "declined_token": gettext_lazy("declined as the second person a token of %(record)s"),
    "token_made": gettext_lazy("made a token of %(record)s"),
    "declined_factor": gettext_lazy("declined as the second person to reset the second step of %(record)s"),
    "declined_email": gettext_lazy("declined as the second person another e-mail address of %(record)s"),
    "declined_unit": gettext_lazy("declined as the second person that %(record)s belongs to a unit"),
}
_WAYS: dict[str, str | Promise] = {
    "reveal_reporter": gettext_lazy("was refused the reporter of %(record)s"),
    "reveal_unopened": gettext_lazy("was shown nothing of who reported %(record)s, because it does not open"),
    "grant_role": gettext_lazy("was refused giving a role to %(record)s"),
    "GET": gettext_lazy("was refused a page of %(record)s"),
    "POST": gettext_lazy("was refused a change of %(record)s"),
}


def sentence(entry: Entry, record: str) -> str:
    """What was done to what; `record` is what the entry is about is called. No query."""
    told = _SENTENCES.get(entry.act, _plain)
    return str(told(entry)) % {"record": record or _unnamed(entry)}


def _is_code(reason: str) -> bool:
    """Is the reason a code of ours that the sentence already says?"""
    codes = {*_WRONG, *_FACTOR, *_SESSIONS, *_WAYS}
    return reason in codes or reason.split(" ")[0] in {"GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}


def reason_said(entry: Entry) -> str:
    """The reason as far as it is not a code that the sentence says."""
    code, colon, rest = entry.reason.partition(":")
    if entry.act == Act.HAND_OVER:
        return ""  # counts, as codes
    if entry.act in (Act.RECUSED, Act.LIFTED) and (found := _PERSON.match(entry.reason)):
        return _("account number %(number)s") % {"number": found[1]}
    if entry.act == Act.EXPORT and colon:
        return f"{_('cases in the file: %(count)s') % {'count': code}}; {rest.strip()}"
    if entry.act == Act.ROLE and colon and code in _ROLES:
        return rest.strip()
    return "" if _is_code(entry.reason) else entry.reason


def _unnamed(entry: Entry) -> str:
    """For lists, for records of kinds without names, and for records that are not there."""
    try:
        meta = apps.get_model(entry.about_type)._meta
    except (LookupError, ValueError):
        return _("the system")
    if entry.about_id is None:
        return _("the list of %(kind)s") % {"kind": meta.verbose_name_plural}
    if entry.about_type in SUBJECTS:
        return _("record %(number)s that is not there") % {"number": entry.about_id}
    return f"{meta.verbose_name} {entry.about_id}"


def _plain(entry: Entry) -> str:
    return f"{entry.get_act_display()} %(record)s"


def _refused(entry: Entry) -> str | Promise:
    word = entry.reason.split(" ")[0]
    return _WAYS.get(word, _WAYS["POST"] if word not in ("HEAD", "OPTIONS") else _WAYS["GET"])


def _failed(entry: Entry) -> str | Promise:
    if entry.about_id is None:
        return gettext_lazy("tried to sign in with an account that does not exist")
    return _WRONG.get(entry.reason, _WRONG["password"])


def _of_factor(entry: Entry) -> str | Promise:
    return _FACTOR.get(entry.reason, gettext_lazy("reset the second step of %(record)s"))


def _of_sessions(entry: Entry) -> str | Promise:
    return _SESSIONS.get(entry.reason, gettext_lazy("ended all sessions of %(record)s"))


def _of_roles(entry: Entry) -> str | Promise:
    """Which role stands in the reason, after the code."""
    return _ROLES.get(entry.reason.partition(":")[0], gettext_lazy("changed the rights of %(record)s"))


def _always(text: str | Promise) -> Callable[[Entry], str | Promise]:
    return lambda entry: text


_SENTENCES: dict[str, Callable[[Entry], str | Promise]] = {
    Act.VIEW: _always(gettext_lazy("looked at confidential %(record)s")),
    Act.REVEAL: _always(gettext_lazy("saw who reported %(record)s")),
    Act.ASK: _always(gettext_lazy("asked to see who reported %(record)s")),
    Act.APPROVE: _always(gettext_lazy("agreed that a colleague sees who reported %(record)s")),
    Act.DECLINE: _always(gettext_lazy("declined that a colleague sees who reported %(record)s")),
    Act.EXPORT: _always(gettext_lazy("exported from %(record)s")),
    Act.REFUSED: _refused,
    Act.SIGN_IN: _always(gettext_lazy("signed in with both steps")),
    Act.SIGN_IN_FAILED: _failed,
    Act.SIGN_OUT: _always(pgettext_lazy("sentence", "signed out by themselves")),
    Act.FACTOR: _of_factor,
    Act.SESSIONS: _of_sessions,
    Act.ROLE: _of_roles,
    Act.RECUSED: _always(gettext_lazy("kept somebody from %(record)s")),
    Act.LIFTED: _always(gettext_lazy("let somebody see %(record)s again")),
    Act.HAND_OVER: _always(gettext_lazy("handed over the open work of %(record)s")),
}
