"""The words about directives, the duties of units, commendations and emulation."""

from django.utils.translation import gettext_lazy as _

from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
    "duty_returned": Template(
        _("%(reference)s came back: the report on this duty needs more"),
        _("The department returned the report on %(reference)s. Open it to read the remarks."),
    ),
    "duty_accepted": Template(
        _("%(reference)s: the report was accepted"),
        _("The department accepted the report on %(reference)s."),
    ),
    "duty_checked": Template(
        _("%(reference)s waits for a second person"),
        _("The report on %(reference)s was checked and takes a second person. Open it to accept it or return it."),
    ),
    "merit_waiting": Template(
        _("A commendation or sanction waits for a decision"),
        _("A colleague proposed a commendation or a sanction of a unit (number %(number)s). A second person decides."),
    ),
    "merit_decided": Template(
        _("What you proposed for a unit was decided"),
        _("The proposal number %(number)s was decided. Open it to read how and why."),
    ),
    "scores_waiting": Template(
        _("Emulation scores until %(until)s wait to be published"),
        _("Scores of the days until %(until)s were drawn up. A second person is to look at them and publish them."),
    ),
    "obligation_closed": Template(
        _("The obligation %(reference)s was closed"),
        _("A colleague closed the obligation %(reference)s. Open it to read why; it can be opened again."),
    ),
    "obligation_open": Template(
        _("The obligation %(reference)s is open again"),
        _("A colleague opened the obligation %(reference)s again, with the reports that its closing withdrew."),
    ),
    "directive_ended": Template(
        _("The directive %(reference)s was withdrawn"),
        _("A colleague entered that the directive %(reference)s was withdrawn, with its open obligations."),
    ),
    "directive_in_force": Template(
        _("The directive %(reference)s is in force again"),
        _("A colleague took the withdrawal of the directive %(reference)s back, with the obligations it had closed."),
    ),
}
