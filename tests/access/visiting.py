"""Who reads what of inspections, written by hand; the inspections are those of `tests.access.planted_visits`.

Opened and recorded at A; unopened at A and at B, unannounced; opened at C, from which the team of the house is kept."""

INSIDE = frozenset({"officer", "officer_2", "lead", "superuser", "division_1", "division_2", "director", "auditor"})
OF_A = ("facility_officer_a", "facility_director_a")
INSPECTED = frozenset({*OF_A, "facility_officer_b", "facility_director_b", "ended_a"})
VISIT_READERS = INSIDE | INSPECTED  # who have the lists, were they empty
CONDUCTORS = frozenset({"officer", "officer_2", "lead", "superuser", "division_1", "division_2"})
VISITS = frozenset({"visit_a", "visit_hidden_a", "visit_b", "visit_c"})
DEMANDS = frozenset({"demand_a", "demand_a2", "demand_c"})
AT_C = frozenset({"visit_c", "demand_c"})
PLANS = frozenset({"plan"})
EVERYTHING = VISITS | DEMANDS | PLANS
VISITS_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(INSIDE, EVERYTHING - AT_C),
    **dict.fromkeys(("officer_2", "division_2"), EVERYTHING),
    **dict.fromkeys(OF_A, frozenset({"visit_a", "demand_a", "demand_a2"})),
}
RECORD = frozenset({"va", "vb", "vf", "vs", "vd", "vw", "vn"})  # topic, basis, finding, summary, demand, answer, file
# checklist, reasons, plan and its line, an amendment that nobody agreed to: no facility's
PREPARATION = frozenset({"vc", "vr", "vl", "vp", "vx"})


def reads(reader: str, field: str) -> bool:
    """May this reader find this field of an inspection that they see?"""
    return field in RECORD or (field in PREPARATION and reader in INSIDE)
