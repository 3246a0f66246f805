"""The words about incidents: reports, analyses, corrective actions, signals and what facilities are told."""

from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind
from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
    "incident_severe": Template(
        _("%(reference)s: severe harm (%(level)s) was noted"),
        _("An incident of level %(level)s was noted at your facility: %(reference)s. Open it to see what is done."),
    ),
    "incidents_severe": Template(
        _("Severe harm (%(level)s) was noted very often within an hour"),
        _(
            "Very many incidents of level %(level)s were noted at your facility within this hour, %(reference)s among"
            " them. None is left out: they all stand in the list of incidents."
        ),
    ),
    "incident_submitted": Template(
        _("%(reference)s: a facility sent an incident report"),
        _("A facility sent the incident report %(reference)s. Open it to accept it or return it with remarks."),
    ),
    "incident_returned": Template(
        _("%(reference)s came back: the report needs more"),
        _("The department returned the incident report %(reference)s. Open it to read the remarks."),
    ),
    "incident_accepted": Template(
        _("%(reference)s was accepted"),
        _("The department accepted the incident report %(reference)s."),
    ),
    "incident_asked": Template(
        _("%(reference)s: the department asks for an incident report"),
        _(
            "The department asks your facility to report a medical incident: the draft %(reference)s holds what is"
            " known. Open it, complete it and send it, or drop it and say why it is none."
        ),
    ),
    "incident_assigned": Template(
        _("%(reference)s: an incident report was given to you"),
        _("You answer for the incident report %(reference)s in the department. Open it to check it."),
    ),
    "incident_named_asked": Template(
        _("%(reference)s: somebody asks to see who reported"),
        _("Somebody of your facility asks to see who reported %(reference)s. Open it to agree or to decline."),
        Kind.IDENTITY,
    ),
    "incident_named_answered": Template(
        _("%(reference)s: your request to see who reported was answered"),
        _("A second person answered your request to see who reported %(reference)s. An approval ends after an hour."),
        Kind.IDENTITY,
    ),
    "system_draft": Template(
        _("%(reference)s: a system reported an incident of your facility"),
        _(
            "Another system reported an incident of your facility: the draft %(reference)s. Look at it, complete it and"
            " send it to the department; severe harm (NC3) at once."
        ),
    ),
    "system_report": Template(
        _("%(reference)s: your facility's system sent an incident report"),
        _(
            "Your facility's own system sent the incident report %(reference)s to the department. Look whether it is"
            " so."
        ),
    ),
    "staff_report": Template(
        _("%(reference)s: a report from staff"),
        _("A member of your staff reported an incident: %(reference)s. Look at it, complete it and send it."),
    ),
    "staff_report_mandatory": Template(
        _("%(reference)s: a member of staff reported a severe incident (NC3)"),
        _(
            "A member of your staff reported a severe incident: %(reference)s. It is mandatory: complete it and send it"
            " to the department at once."
        ),
    ),
    "staff_reports": Template(
        _("Very many reports from staff within an hour"),
        _(
            "Your staff sent very many reports within this hour, %(reference)s among them. None is left out: they all"
            " stand in the list, under reports from staff."
        ),
    ),
    "staff_answer": Template(
        _("%(reference)s: the reporter answered"),
        _("Whoever reported %(reference)s wrote on the follow-up page. You do not learn who it is."),
        Kind.REPORTER,
    ),
    "analysis_submitted": Template(
        _("%(reference)s: a facility sent its analysis"),
        _("A facility sent the analysis of %(reference)s. Open it to accept it or return it with remarks."),
    ),
    "analysis_returned": Template(
        _("%(reference)s came back: the analysis needs more"),
        _("The department returned the analysis of the incident %(reference)s. Open it to read the remarks."),
    ),
    "analysis_accepted": Template(
        _("%(reference)s: the analysis was accepted"),
        _("The department accepted the analysis of the incident %(reference)s."),
    ),
    "action_planned": Template(
        _("%(reference)s: an action was given to you"),
        _("You are the owner of the corrective action %(reference)s. Open it to see what is to be done by when."),
    ),
    "action_done": Template(
        _("%(reference)s: an action waits to be verified"),
        _("The corrective action %(reference)s was reported as done. Open it to verify it or return it."),
    ),
    "action_open": Template(
        _("%(reference)s came back: the action needs more"),
        _("The corrective action %(reference)s was returned. Open it to read the remarks."),
    ),
    "action_verified": Template(
        _("%(reference)s: the action was verified"),
        _("The corrective action %(reference)s was verified. Its effect is checked on the day that was planned."),
    ),
    "action_effective": Template(
        _("%(reference)s: the action is effective"),
        _("The effect of the corrective action %(reference)s was checked: it is effective."),
    ),
    "action_not_effective": Template(
        _("%(reference)s: the action is not effective"),
        _("The effect of the corrective action %(reference)s was checked: it is not effective. Its review is open."),
    ),
    "action_too_early": Template(
        _("%(reference)s: too early to say whether it works"),
        _("The effect of the corrective action %(reference)s was checked: too early to say. There is a new day."),
    ),
    "action_recurred": Template(
        _("%(reference)s: the same cause came back"),
        _(
            "The cause that the corrective action %(reference)s was to remove came back at the facility. Its review is"
            " open again."
        ),
    ),
    "action_agreed": Template(
        _("%(reference)s: agreed"),
        _("The request about the corrective action %(reference)s was agreed to."),
    ),
    "action_declined": Template(
        _("%(reference)s: declined"),
        _("The request about the corrective action %(reference)s was declined. What was planned stays."),
    ),
    "signal_found": Template(
        _("%(reference)s: reported more often than before"),
        _("%(reference)s was reported more often than before. It is a question, not a verdict: say what it means."),
    ),
    "alert_waiting": Template(
        _("%(reference)s waits to be published"),
        _("The text %(reference)s for facilities is ready. A second person is to read and publish it."),
    ),
    "alert_published": Template(
        _("%(reference)s: the department tells your facility something"),
        _("The department sent your facility %(reference)s. Open it, read it, and say what you did with it."),
    ),
    "alert_corrected": Template(
        _("%(reference)s was corrected: read it again"),
        _("You read an earlier edition of %(reference)s. It was corrected: open it to read what holds now."),
    ),
    "alert_withdrawn": Template(
        _("%(reference)s was withdrawn"),
        _("The department withdrew %(reference)s. There is nothing to do any more."),
    ),
}
