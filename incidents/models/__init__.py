"""The tables of incidents: the report of Annex III with what hangs on it, and the analysis of Annex IV."""

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
]
