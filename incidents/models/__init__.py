"""The tables of incidents: the report of Annex III with what hangs on it, the analysis of Annex IV, the weeks, actions,
the periodic returns, what the department says to facilities, and signals."""

from incidents.models.action import (
    Action,
    ActionPast,
    ActionQuerySet,
    ConcessionAsked,
    EffectCheck,
    Evidence,
    Progress,
)
from incidents.models.alerts import Alert, AlertEdition, AlertPast, AlertReceipt, AlertReceiptPast, ReceiptFile
from incidents.models.analysis import Analysis, AnalysisPast, Remark
from incidents.models.from_systems import SystemReport
from incidents.models.named_requests import NamedRequest
from incidents.models.report import (
    Addendum,
    Incident,
    IncidentQuerySet,
    Named,
    PaperGiven,
    Past,
    Reclassification,
)
from incidents.models.returns import Return, ReturnEdition, ReturnFile, ReturnPast, ReturnText
from incidents.models.signals import Signal, SignalPast
from incidents.models.staff import StaffReceipt, StaffReport, Talk
from incidents.models.weekly import WeeklySummary

__all__ = [
    "Action",
    "ActionPast",
    "ActionQuerySet",
    "Addendum",
    "Alert",
    "AlertEdition",
    "AlertPast",
    "Analysis",
    "AnalysisPast",
    "ConcessionAsked",
    "EffectCheck",
    "Evidence",
    "Incident",
    "IncidentQuerySet",
    "Named",
    "NamedRequest",
    "PaperGiven",
    "Past",
    "AlertReceipt",
    "AlertReceiptPast",
    "Progress",
    "ReceiptFile",
    "Reclassification",
    "Remark",
    "Return",
    "ReturnEdition",
    "ReturnFile",
    "ReturnPast",
    "ReturnText",
    "StaffReceipt",
    "StaffReport",
    "SystemReport",
    "Talk",
    "Signal",
    "SignalPast",
    "WeeklySummary",
]
