"""The words about cases of feedback."""

from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind
from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
    "case_forwarded": Template(
        _("%(reference)s was forwarded to your facility"),
        _("The department forwarded %(reference)s to your facility. Open it to see what is asked and until when."),
    ),
    "case_returned": Template(
        _("%(reference)s came back: the answer needs more"),
        _("The department returned the answer to %(reference)s. Open it to see what is missing and until when."),
    ),
    "case_assigned": Template(
        _("%(reference)s was assigned to you or your division"),
        _("%(reference)s was assigned to you or your division. Open it to see what is asked and until when."),
    ),
    "case_answered": Template(
        _("%(reference)s was answered: check the answer"),
        _("The unit answered %(reference)s. The answer is to be checked."),
    ),
    "case_in_review": Template(
        _("%(reference)s is to be reviewed"),
        _("%(reference)s was opened again for a review by another officer, and the review is yours."),
    ),
    "case_checked": Template(
        _("%(reference)s waits to be confirmed"),
        _("The answer to %(reference)s was checked. A second person is to confirm it."),
    ),
    "case_confirmed": Template(
        _("%(reference)s was confirmed: reply to the reporter"),
        _("The answer to %(reference)s was confirmed. The reporter is to have a reply."),
    ),
    "case_word": Template(
        _("%(reference)s: the reporter wrote again"),
        _("The reporter added something to %(reference)s on the follow-up page."),
        Kind.REPORTER,
    ),
    "case_unsatisfied": Template(
        _("%(reference)s: the reporter is not satisfied"),
        _("The reporter of %(reference)s says that the answer does not satisfy. Another officer is to review it."),
        Kind.REPORTER,
    ),
    "case_unheld": Template(
        _("%(reference)s waits for somebody"),
        _("Whoever had %(reference)s does not handle it any more. It is back in the queue and needs somebody."),
    ),
    "case_reveal_asked": Template(
        _("%(reference)s: somebody asks to see who reported it"),
        _("A colleague asks to see the reporter of %(reference)s, which is confidential. You may agree or decline."),
        Kind.IDENTITY,
    ),
    "case_reveal_decided": Template(
        _("%(reference)s: your request to see the reporter was answered"),
        _("A second person answered your request to see the reporter of %(reference)s. A consent lasts one hour."),
        Kind.IDENTITY,
    ),
}
