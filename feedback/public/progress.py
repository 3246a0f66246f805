"""Where a case stands, in the words of the person who reported it: four steps, a sentence, and by when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.scope import system
from feedback.choices import Audience, Satisfaction, Status
from feedback.merging import goes_on_in
from feedback.models import Case, Note, Reply
from feedback.obligations import RESOLVE
from feedback.promises import promised

STEPS = (
    pgettext_lazy("citizen", "Received"),
    _("Being looked into"),
    _("Answer being checked"),
    _("Reply to you"),
)
STEP_OF = {
    Status.RECEIVED: 0,
    Status.TRIAGED: 0,
    Status.WAITING: 0,
    Status.ASSIGNED: 1,
    Status.FORWARDED: 1,
    Status.RETURNED: 1,
    Status.IN_REVIEW: 1,
    Status.ANSWERED: 2,
    Status.CHECKED: 2,
    Status.CONFIRMED: 2,
    Status.REPLIED: 3,
    Status.PUBLISHED: 3,
    Status.CLOSED: 3,
}
SENTENCES: dict[str, Promise] = {
    Status.RECEIVED: _("The department has your feedback. An officer will read it and decide who must answer."),
    Status.TRIAGED: _("An officer has read your feedback and is deciding who must answer."),
    Status.WAITING: _("We need something from you to go on. Please answer the question below."),
    Status.ASSIGNED: _("A division of the department is looking into the matter."),
    Status.FORWARDED: _("The facility has to explain the matter. It is not told who you are."),
    Status.RETURNED: _("The answer was not good enough: the facility has to complete it. It is not told who you are."),
    Status.IN_REVIEW: _("Another officer is looking at the matter again."),
    Status.ANSWERED: _("The answer has arrived. The department checks it before it replies to you."),
    Status.CHECKED: _("The answer has been checked; a second person confirms it before we reply to you."),
    Status.CONFIRMED: _("The answer has been confirmed. We are about to reply to you."),
    Status.REPLIED: _("The department has replied to you."),
    Status.PUBLISHED: _("The department has replied to you and published the result."),
    Status.CLOSED: _("The matter is closed."),
    Status.OUT_OF_SCOPE: _("This is not a matter that the health sector may decide, so it ends here."),
    Status.TRANSFERRED: _("The matter was passed on to the body that is competent for it."),
    Status.MERGED: _("Others reported the same matter. It is handled together with theirs, and goes on."),
}
RATED_AFTER = (Status.REPLIED, Status.PUBLISHED, Status.CLOSED)


@dataclass(frozen=True)
class Step:
    """One of the four steps and whether it is behind, current or ahead."""

    name: str | Promise
    state: str
    reached_at: datetime | None


@dataclass(frozen=True)
class Progress:
    """What the follow-up page shows."""

    case: Case
    sentence: str | Promise
    steps: list[Step]
    replies: list[Reply]
    messages: list[Note]
    files_sent: int
    reply_by: str
    result: str
    may_rate: bool
    passed_to: str

    @property
    def is_waiting(self) -> bool:
        return self.case.status == Status.WAITING

    @property
    def rating(self) -> str | Promise:
        """What the reporter said about the answer, or nothing."""
        return (
            {
                Satisfaction.SATISFIED: _("You said that you are satisfied. Thank you."),
                Satisfaction.PARTLY: _("You said that you are partly satisfied. Thank you for telling us."),
                Satisfaction.UNSATISFIED: _("You said that you are not satisfied. The lead was told about it."),
            }.get(Satisfaction(self.case.satisfaction), "")
            if self.case.satisfaction
            else ""
        )


@system
def progress_of(case: Case) -> Progress:
    """Read what the reporter may know: never notes of the department, never who works on it. Four or five queries."""
    followed = goes_on_in(case)
    step = STEP_OF.get(Status(followed.status))
    return Progress(
        case=case,
        sentence=SENTENCES[_told_of(case, followed)],
        steps=_steps(followed, step, case.received_at) if step is not None else [],
        replies=list(case.replies.all()),
        messages=_messages(case),
        files_sent=case.attachments.filter(by=None).count(),
        reply_by=promised(followed).get(RESOLVE, ""),
        result=followed.public_summary if followed.published_at else "",
        may_rate=followed.status in RATED_AFTER and not case.satisfaction and case.replies.exists(),
        passed_to=followed.transferred_to if followed.status == Status.TRANSFERRED else "",
    )


def _told_of(case: Case, followed: Case) -> str:
    """The status that the sentence is about: a merged case is merged until the one that goes on has a result."""
    has_result = followed.status in (*RATED_AFTER, Status.OUT_OF_SCOPE, Status.TRANSFERRED)
    return followed.status if has_result else case.status


def _messages(case: Case) -> list[Note]:
    """Questions to the reporter and what the reporter wrote, in order."""
    notes = case.notes.all()
    return list(notes.filter(audience=Audience.CITIZEN) | notes.filter(by=None))


def _steps(case: Case, current: int, received_at: datetime) -> list[Step]:
    """The steps of the case that goes on, from the day on which this reporter's own feedback came: when others wrote is
    theirs alone."""
    reached: dict[int, datetime] = {0: received_at}
    for status, at in case.history.order_by("history_date", "history_id").values_list("status", "history_date"):
        if status in STEP_OF:
            reached.setdefault(STEP_OF[Status(status)], max(at, received_at))
    return [
        Step(
            name,
            "done" if number < current else "current" if number == current else "ahead",
            reached.get(number) if number <= current else None,
        )
        for number, name in enumerate(STEPS)
    ]
