"""The tables of directives: the register with its obligations, and the assignments that facilities report on."""

from directives.models.register import (
    Clause,
    Directive,
    DirectivePast,
    DocumentVersion,
    ImportDraft,
    Indicator,
    IndicatorPast,
    Lineage,
    Obligation,
    ObligationPast,
    PartyRule,
    PartyRulePast,
)
from directives.models.reports import (
    Assignment,
    AssignmentPast,
    ComplianceReport,
    Evidence,
    EvidenceFile,
    ExpansionRun,
    IndicatorValue,
    ReportEvidence,
)

__all__ = [
    "Assignment",
    "AssignmentPast",
    "Clause",
    "ComplianceReport",
    "Directive",
    "DirectivePast",
    "DocumentVersion",
    "Evidence",
    "EvidenceFile",
    "ExpansionRun",
    "ImportDraft",
    "Indicator",
    "IndicatorPast",
    "IndicatorValue",
    "Lineage",
    "Obligation",
    "ObligationPast",
    "PartyRule",
    "PartyRulePast",
    "ReportEvidence",
]
