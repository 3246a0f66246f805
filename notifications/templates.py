"""The words of messages. Only references, moments and codes go into them: nothing about people, nothing of a case.

A message keeps its template's code and its values; the words are put together when it is read or mailed, in the
language that is active then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.choices import Kind


@dataclass(frozen=True)
class Text:
    """Title and body of one message, ready to read."""

    title: str
    body: str


@dataclass(frozen=True)
class Template:
    """Title and body before the values are filled in."""

    title: str | Promise
    body: str | Promise


TEMPLATES: dict[str, Template] = {
    "deadline_reminder": Template(
        _("%(reference)s: %(obligation)s due on %(due_at)s"),
        _("The deadline for “%(obligation)s” of %(reference)s ends on %(due_at)s."),
    ),
    "deadline_passed": Template(
        _("%(reference)s: late since %(due_at)s"),
        _("The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."),
    ),
    "deadline_to_lead": Template(
        _("%(reference)s: late, reported to the lead"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " It is reported to the lead of the working group."
        ),
    ),
    "deadline_to_director": Template(
        _("%(reference)s: late, reported to the director"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " It is reported to the director of the department."
        ),
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
    ),
    "deadline_acknowledge": Template(
        _("%(reference)s: late, please acknowledge"),
        _(
            "The deadline for “%(obligation)s” of %(reference)s ended on %(due_at)s and it is not done."
            " Acknowledge on its page that you see to it; otherwise you are told again."
        ),
    ),
    "deadline_digest": Template(
        _("Many deadlines came at once"),
        _("More deadlines need you than are told one by one. The list shows all of them."),
    ),
    "clock_jumped": Template(
        _("The clock jumped: deadlines are held"),
        _(
            "The system's clock moved by %(minutes)s minutes more than time passed. No reminder and no report goes out"
            " until the clock is right again or somebody with the right releases it."
        ),
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
    "case_forwarded": Template(
        _("%(reference)s was forwarded to your facility"),
        _("The department forwarded %(reference)s to your facility. Open it to see what is asked and until when."),
    ),
    "case_returned": Template(
        _("%(reference)s came back: the answer needs more"),
        _("The department returned the answer to %(reference)s. Open it to see what is missing and until when."),
    ),
    "case_prompt_report": Template(
        _("%(reference)s: the facility reported on what was raised in public"),
        _("The facility of %(reference)s sent its prompt report on what the press or the public raised. Open it."),
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
    ),
    "incident_named_answered": Template(
        _("%(reference)s: your request to see who reported was answered"),
        _("A second person answered your request to see who reported %(reference)s. An approval ends after an hour."),
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
    "inspection_team": Template(
        _("%(reference)s: you are in the team of an inspection"),
        _("You were taken into the team of the inspection %(reference)s. Do not speak of it before it is opened."),
    ),
    "inspection_opened": Template(
        _("%(reference)s: an inspection of your facility was opened"),
        _("The department opened the inspection %(reference)s of your facility. Open it to read what it is about."),
    ),
    "inspection_recorded": Template(
        _("%(reference)s: the record of the inspection is finished"),
        _("The record of the inspection %(reference)s is finished. Open it to read what is to be corrected by when."),
    ),
    "inspection_closed": Template(
        _("%(reference)s: the inspection is closed"),
        _("Everything demanded after the inspection %(reference)s was verified. It is closed."),
    ),
    "inspection_cancelled": Template(
        _("%(reference)s: the inspection was called off"),
        _("The department called the inspection %(reference)s of your facility off."),
    ),
    "inspection_plan_waiting": Template(
        _("Plan of inspections %(reference)s waits for approval"),
        _("The plan of inspections for %(reference)s is proposed. A second person is to approve it or return it."),
    ),
    "inspection_plan_approved": Template(
        _("Plan of inspections %(reference)s was approved"),
        _("The plan of inspections for %(reference)s was approved. Its lines can be prepared now."),
    ),
    "inspection_plan_draft": Template(
        _("Plan of inspections %(reference)s is being written again"),
        _("The plan of inspections for %(reference)s came back or was taken up again. Open it to read why."),
    ),
    "amendment_proposed": Template(
        _("%(reference)s: an amendment of the record waits for a second person"),
        _("Somebody proposes to amend the finished record of %(reference)s. A second person is to agree or refuse."),
    ),
    "amendment_agreed": Template(
        _("%(reference)s: the record of the inspection was amended"),
        _("The record of the inspection %(reference)s was amended. The original stays; open it to read both."),
    ),
    "amendment_refused": Template(
        _("%(reference)s: the amendment of the record was refused"),
        _("A second person refused the amendment of the record of %(reference)s. Open it to read why."),
    ),
    "correction_answered": Template(
        _("%(reference)s: the facility answered what it did"),
        _("The facility answered the demand to correct %(reference)s. Open it to verify it or return it."),
    ),
    "correction_returned": Template(
        _("%(reference)s came back: what was done is not enough"),
        _("The department returned the answer to %(reference)s. Open it to read the remarks and the new day."),
    ),
    "correction_verified": Template(
        _("%(reference)s: what was corrected was verified"),
        _("The department verified what your facility did about %(reference)s."),
    ),
    "correction_reopened": Template(
        _("%(reference)s: the same finding came back"),
        _("A later inspection found the same as before: the demand to correct %(reference)s is open again."),
    ),
    "correction_withdrawn": Template(
        _("%(reference)s: the demand was withdrawn"),
        _("The department withdrew the demand to correct %(reference)s. There is nothing to do any more."),
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
    "case_word": Template(
        _("%(reference)s: the reporter wrote again"),
        _("The reporter added something to %(reference)s on the follow-up page."),
    ),
    "case_unsatisfied": Template(
        _("%(reference)s: the reporter is not satisfied"),
        _("The reporter of %(reference)s says that the answer does not satisfy. Another officer is to review it."),
    ),
    "case_unheld": Template(
        _("%(reference)s waits for somebody"),
        _("Whoever had %(reference)s does not handle it any more. It is back in the queue and needs somebody."),
    ),
    "work_handed_over": Template(
        _("Cases handed over to you: %(number)s"),
        _("A colleague left and their cases were handed over to you: %(number)s. They are in your queue now."),
    ),
    "case_reveal_asked": Template(
        _("%(reference)s: somebody asks to see who reported it"),
        _("A colleague asks to see the reporter of %(reference)s, which is confidential. You may agree or decline."),
    ),
    "case_reveal_decided": Template(
        _("%(reference)s: your request to see the reporter was answered"),
        _("A second person answered your request to see the reporter of %(reference)s. A consent lasts one hour."),
    ),
    "role_asked": Template(
        _("A role waits for your answer"),
        _("Somebody is to get a role that takes a second person. You may agree or decline."),
    ),
    "role_answered": Template(
        _("A role that you gave was answered"),
        _("A second person answered the role that you gave. Open it to see the answer."),
    ),
    "change_asked": Template(
        _("A change of an account waits for your answer"),
        _("An administrator asks for a change of somebody's account. You may agree or decline."),
    ),
    "change_answered": Template(
        _("The change of an account that you asked for was answered"),
        _("A second person answered the change that you asked for. Open it to see the answer."),
    ),
    "account_factor": Template(
        _("Your second step was reset"),
        _(
            "Two people reset the second step of your account. You set up a new one when you next sign in."
            " If you did not ask for it, tell the department at once."
        ),
    ),
    "account_email": Template(
        _("The e-mail address of your account was changed"),
        _(
            "Two people changed the e-mail address of your account."
            " If you did not ask for it, tell the department at once."
        ),
    ),
    "account_email_left": Template(
        _("Mail for your account goes to another address now"),
        _(
            "Two people changed the e-mail address of your account, so this is the last mail to this one. If you did"
            " not ask for it: call the department at once, on a number that you know, and have your sessions ended and"
            " your password taken away. Whoever reads the new address could make a new one."
        ),
    ),
    "account_unit": Template(
        _("You belong to another unit now"),
        _("Two people entered where you belong. If it is wrong, tell the department."),
    ),
    "digest": Template(
        _("Your messages of the day: %(number)s"),
        _("These messages came since the last digest: %(number)s. They are in your inbox as well."),
    ),
    "dead_letter": Template(
        _("A message could not be sent"),
        _("Message %(number)s was given up after %(attempts)s attempts (%(fault)s). See Messages to send."),
    ),
}
KINDS: dict[str, Kind] = {
    "deadline_reminder": Kind.REMINDER,
    "deadline_passed": Kind.LATE,
    "deadline_to_lead": Kind.LATE,
    "deadline_to_director": Kind.LATE,
    "deadline_to_higher": Kind.LATE,
    "deadline_acknowledge": Kind.LATE,
    "deadline_digest": Kind.LATE,
    "clock_jumped": Kind.SYSTEM,
    "case_word": Kind.REPORTER,
    "case_unsatisfied": Kind.REPORTER,
    "staff_answer": Kind.REPORTER,
    "case_reveal_asked": Kind.IDENTITY,
    "case_reveal_decided": Kind.IDENTITY,
    "incident_named_asked": Kind.IDENTITY,
    "incident_named_answered": Kind.IDENTITY,
    "role_asked": Kind.RIGHTS,
    "role_answered": Kind.RIGHTS,
    "change_asked": Kind.RIGHTS,
    "change_answered": Kind.RIGHTS,
    "account_factor": Kind.RIGHTS,
    "account_email": Kind.RIGHTS,
    "account_email_left": Kind.RIGHTS,
    "account_unit": Kind.RIGHTS,
    "dead_letter": Kind.SYSTEM,
}  # all others are work
UNKNOWN = Template(_("News about %(reference)s"), _("There is news about %(reference)s. Open it to see what changed."))

PROVISIONAL = "provisional"  # a value that names another one, which may still move: days off are not all announced
_SAYINGS: dict[str, Callable[[str], str]] = {}


class _Values(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "…"


def name_values(param: str, names: Mapping[str, str | Promise]) -> None:
    """Let an app above say how the codes of one value are called (an obligation, a state)."""
    say_values(param, lambda code: str(names.get(code, code)))


def say_values(param: str, saying: Callable[[str], str]) -> None:
    """Let an app above say how one value is put in words; a `ValueError` leaves it as it is."""
    _SAYINGS[param] = saying


def render(code: str, params: Mapping[str, str]) -> Text:
    """Fill in the values: codes by their names, values called `…_at` as moments; an unknown template never fails."""
    template = TEMPLATES.get(code, UNKNOWN)
    values = _Values({name: _worded(name, value) for name, value in params.items()})
    if (doubtful := values.get(PROVISIONAL, "")) in values:
        values[doubtful] = str(_("%(due)s (provisional)")) % {"due": values[doubtful]}
    return Text(title=str(template.title) % values, body=str(template.body) % values)


def _worded(name: str, value: str) -> str:
    saying = _SAYINGS.get(name) or (_moment if name.endswith("_at") else None)
    try:
        return saying(value) if saying else value
    except ValueError:
        return value


def _moment(value: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
