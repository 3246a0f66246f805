import pgtrigger

from feedback.models.case import Case, Submission
from feedback.models.counts import DayCount
from feedback.models.identity import Identity, Receipt, Reporter
from feedback.models.recusals import CaseRecusal
from feedback.models.reference import Category, Channel
from feedback.models.reveals import RevealRequest
from feedback.models.search import SearchEntry
from feedback.models.talk import Answer, Attachment, Note, Reply

__all__ = [
    "Answer",
    "Attachment",
    "Case",
    "CaseRecusal",
    "Category",
    "Channel",
    "DayCount",
    "Identity",
    "Note",
    "Receipt",
    "Reply",
    "Reporter",
    "RevealRequest",
    "SearchEntry",
    "Submission",
]

# History and what arrived are written once; a case and what was said in it is never deleted, from no door.
for model in (Case.history.model, Channel.history.model, Category.history.model, CaseRecusal.history.model, Submission):
    pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))(model)
for model in (Case, Answer, Reply, Note, Attachment, RevealRequest, CaseRecusal):
    pgtrigger.register(pgtrigger.Protect(name="kept", operation=pgtrigger.Delete))(model)
