"""Who sees which rows: one declaration per model, of which `visible_to(user)`, the database's policies and the table
for people (`manage.py show_access`) are three renderings. docs/adr/0008 says why."""

from accounts.access.columns import Absent, Flag, In, Is, Nobody, OneOf, Own, Right
from accounts.access.relations import Of, Through, Via
from accounts.access.terms import Row, Term
from accounts.access.who import Who, condition

from accounts.access.rows import VisibleRows  # isort: skip

__all__ = [
    "Absent",
    "Flag",
    "In",
    "Is",
    "Nobody",
    "Of",
    "OneOf",
    "Own",
    "Right",
    "Row",
    "Term",
    "Through",
    "Via",
    "VisibleRows",
    "Who",
    "condition",
]
