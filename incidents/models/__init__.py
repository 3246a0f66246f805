"""The tables of incidents: the report of Annex III with what hangs on it, the analysis of Annex IV, the weeks."""

from incidents.models.analysis import Analysis, AnalysisPast, Remark
from incidents.models.report import (
    Addendum,
    Incident,
    IncidentQuerySet,
    Named,
    PaperGiven,
    Past,
    Reclassification,
)
from incidents.models.weekly import WeeklySummary

__all__ = [
    "Addendum",
    "Analysis",
    "AnalysisPast",
    "Incident",
    "IncidentQuerySet",
    "Named",
    "PaperGiven",
    "Past",
    "Reclassification",
    "Remark",
    "WeeklySummary",
]
