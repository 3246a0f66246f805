"""Who sees what of inspections: the declarations behind lists, pages, history and messages.

The department sees all; plans, preparation, checklists and what gave rise to a visit are its own. A facility sees its
inspections from the moment that they were opened, their findings and demands from the moment that the record is
finished, and nothing before, whether announced or not. Systems read by the API what a facility could: a data
warehouse is no place for a visit that nobody may know of. Whoever is kept from a facility sees nothing of its own."""

from accounts.access import Absent, Flag, In, Is, Of, OneOf, Right, Through, Via

EVERY = Right("inspections.view_every_inspection")
FACILITY = Right("inspections.view_facility_inspection")
RECUSED = In("facility", "recused_facilities")
OPENED = ~Absent("opened_at")

# systems that read inspections by the API: of all facilities, or of those that they are limited to
SYSTEM = Right("inspections.exchange_inspection") & (
    ~Flag("is_limited", "a system limited to some facilities") | In("facility", "client_facilities")
)
INSPECTION = (EVERY | (FACILITY & In("facility", "facilities") | SYSTEM) & OPENED) & ~RECUSED
OF_INSPECTION = Through("inspection", INSPECTION)
OF_PREPARATION = EVERY & OF_INSPECTION  # what a facility never reads: the checklist
PAST_OF_INSPECTION = EVERY & Of("id", "inspections.Inspection")

# while the record is being written, its findings and demands are the team's own; what was struck out stays so
UNTOLD = ("written", "dropped")
FINDING = OF_INSPECTION & (EVERY | Is("is_struck", False) & Via("inspection", ~Absent("recorded_at")))
CORRECTION = OF_INSPECTION & (EVERY | ~OneOf("status", UNTOLD))
# a correction of a finished record is the department's own until a second person agreed to it
AMENDMENT = OF_INSPECTION & (EVERY | OneOf("state", ("agreed",)))
PAST_OF_FINDING = EVERY & Of("id", "inspections.Finding")
PAST_OF_ITEM = EVERY & Of("id", "inspections.ChecklistItem")
PAST_OF_CORRECTION = Of("id", "inspections.CorrectiveAction") & (EVERY | ~OneOf("status", UNTOLD))
OF_CORRECTION = Through("correction", CORRECTION)

PLAN = EVERY
LINE = EVERY & ~RECUSED
PAST_OF_LINE = Of("id", "inspections.PlanLine")
