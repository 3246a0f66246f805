"""The tables of inspections: plans, visits with their teams and checklists, findings and what follows from them."""

from inspections.models.amendments import Amendment
from inspections.models.findings import Answer, AnswerFile, CorrectiveAction, CorrectivePast, Finding, FindingPast
from inspections.models.plans import Plan, PlanLine, PlanLinePast, PlanPast
from inspections.models.visits import ChecklistItem, ChecklistItemPast, Inspection, InspectionPast, Member

__all__ = [
    "Amendment",
    "Answer",
    "AnswerFile",
    "ChecklistItem",
    "ChecklistItemPast",
    "CorrectiveAction",
    "CorrectivePast",
    "Finding",
    "FindingPast",
    "Inspection",
    "InspectionPast",
    "Member",
    "Plan",
    "PlanLine",
    "PlanLinePast",
    "PlanPast",
]
