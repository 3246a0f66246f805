"""The words about accounts, roles and handing over."""

from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind
from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
    "work_handed_over": Template(
        _("Cases handed over to you: %(number)s"),
        _("A colleague left and their cases were handed over to you: %(number)s. They are in your queue now."),
    ),
    "role_asked": Template(
        _("A role waits for your answer"),
        _("Somebody is to get a role that takes a second person. You may agree or decline."),
        Kind.RIGHTS,
    ),
    "role_answered": Template(
        _("A role that you gave was answered"),
        _("A second person answered the role that you gave. Open it to see the answer."),
        Kind.RIGHTS,
    ),
    "change_asked": Template(
        _("A change of an account waits for your answer"),
        _("An administrator asks for a change of somebody's account. You may agree or decline."),
        Kind.RIGHTS,
    ),
    "change_answered": Template(
        _("The change of an account that you asked for was answered"),
        _("A second person answered the change that you asked for. Open it to see the answer."),
        Kind.RIGHTS,
    ),
    "account_factor": Template(
        _("Your second step was reset"),
        _(
            "Two people reset the second step of your account. You set up a new one when you next sign in."
            " If you did not ask for it, tell the department at once."
        ),
        Kind.RIGHTS,
    ),
    "account_email": Template(
        _("The e-mail address of your account was changed"),
        _(
            "Two people changed the e-mail address of your account."
            " If you did not ask for it, tell the department at once."
        ),
        Kind.RIGHTS,
    ),
    "account_email_left": Template(
        _("Mail for your account goes to another address now"),
        _(
            "Two people changed the e-mail address of your account, so this is the last mail to this one. If you did"
            " not ask for it: call the department at once, on a number that you know, and have your sessions ended and"
            " your password taken away. Whoever reads the new address could make a new one."
        ),
        Kind.RIGHTS,
    ),
    "account_unit": Template(
        _("You belong to another unit now"),
        _("Two people entered where you belong. If it is wrong, tell the department."),
        Kind.RIGHTS,
    ),
}
