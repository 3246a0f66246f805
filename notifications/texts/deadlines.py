"""The words about deadlines: coming, passed, reported upward, lengthened."""

from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind
from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
    "deadline_reminder": Template(
        _("%(reference)s: %(obligation)s due on %(due_at)s"),
        _("The deadline for “%(obligation)s” of %(reference)s ends on %(due_at)s."),
        Kind.REMINDER,
    ),
    "deadline_passed": Template(
        _("%(reference)s: late since %(due_at)s"),
        _("The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."),
        Kind.LATE,
    ),
    "deadline_to_lead": Template(
        _("%(reference)s: late, reported to the lead"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " It is reported to the lead of the working group."
        ),
        Kind.LATE,
    ),
    "deadline_to_director": Template(
        _("%(reference)s: late, reported to the director"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " It is reported to the director of the department."
        ),
        Kind.LATE,
    ),
    "pause_ended": Template(
        _("%(reference)s: the clock runs again"),
        _(
            "The clock for “%(obligation)s” of %(reference)s stood as long as its rule allows and runs again by itself."
            " It is due on %(due_at)s."
        ),
    ),
    "deadline_to_higher": Template(
        _("%(reference)s: still late, for the higher authority"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is still not done."
            " By rule it is reported to the higher authority now."
        ),
        Kind.LATE,
    ),
    "deadline_acknowledge": Template(
        _("%(reference)s: late, please acknowledge"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " Acknowledge on its page that you see to it; otherwise you are told again."
        ),
        Kind.LATE,
    ),
    "deadline_digest": Template(
        _("Many deadlines came at once"),
        _("More deadlines need you than are told one by one. The list shows all of them."),
        Kind.LATE,
    ),
    "clock_jumped": Template(
        _("The clock jumped: deadlines are held"),
        _(
            "The system's clock moved by %(minutes)s minutes more than time passed. No reminder and no report goes out"
            " until the clock is right again or somebody with the right releases it."
        ),
        Kind.SYSTEM,
    ),
    "extension_asked": Template(
        _("%(reference)s: somebody asks for a longer term"),
        _("A colleague asks for a longer term for “%(obligation)s” of %(reference)s. You may grant or refuse it."),
    ),
    "extension_granted": Template(
        _("%(reference)s: the longer term was granted"),
        _("A second person granted the longer term for “%(obligation)s” of %(reference)s."),
    ),
    "extension_refused": Template(
        _("%(reference)s: the longer term was refused"),
        _("A second person refused the longer term for “%(obligation)s” of %(reference)s. Open it to read why."),
    ),
}
