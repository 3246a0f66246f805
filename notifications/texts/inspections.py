"""The words about inspections and what is to be corrected after them."""

from django.utils.translation import gettext_lazy as _

from notifications.texts.template import Template

TEMPLATES: dict[str, Template] = {
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
}
