import pgtrigger

from common.keeping import APPEND_ONLY, KEPT
from feedback.models.case import Case, Submission
from feedback.models.counts import DayCount
from feedback.models.drafts import Draft
from feedback.models.filters import SavedFilter
from feedback.models.identity import Identity, Receipt, Reporter
from feedback.models.mails import ReceivedMail
from feedback.models.press import Appearance, PressEvent, PromptReport
from feedback.models.recusals import CaseRecusal
from feedback.models.reference import Category, Channel
from feedback.models.reveals import RevealRequest
from feedback.models.runs import CaseImport, Difference, ImportedRow, Reconciliation
from feedback.models.search import SearchEntry
from feedback.models.talk import Answer, Attachment, Note, Reply
from feedback.visibility import PAST_OF_CASE, PAST_OF_RECUSAL

__all__ = [
    "Answer",
    "Appearance",
    "Attachment",
    "Case",
    "CaseImport",
    "CaseRecusal",
    "Category",
    "Channel",
    "DayCount",
    "Difference",
    "Draft",
    "Identity",
    "ImportedRow",
    "Note",
    "PressEvent",
    "PromptReport",
    "Receipt",
    "ReceivedMail",
    "Reconciliation",
    "Reply",
    "Reporter",
    "RevealRequest",
    "SavedFilter",
    "SearchEntry",
    "Submission",
]

Case.history.model.access = PAST_OF_CASE
CaseRecusal.history.model.access = PAST_OF_RECUSAL

# History and what arrived are written once; a case, what was said in it and who said it is never deleted, from no door.
# (The search index and the counts per day are derived: they are made again from the cases at any time. A draft is
# no case yet, and ends after a shift.)
for model in (Case.history.model, Channel.history.model, Category.history.model, CaseRecusal.history.model, Submission):
    pgtrigger.register(*APPEND_ONLY)(model)
for model in (
    Case, Answer, Reply, Note, Attachment, Reporter, Receipt, RevealRequest, CaseRecusal, Channel, Category,
    SavedFilter,
):  # fmt: skip
    pgtrigger.register(*KEPT)(model)

# Whatever door changes the facility of a case, the event that is about it follows.
pgtrigger.register(
    pgtrigger.Trigger(
        name="press_follows_facility",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("facility_id"),
        condition=pgtrigger.Q(old__facility__df=pgtrigger.F("new__facility")),
        func="UPDATE feedback_pressevent SET facility_id = NEW.facility_id WHERE case_id = NEW.id; RETURN NULL;",
    )
)(Case)
