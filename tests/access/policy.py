"""Who may what, written down by hand from the role matrix of the house – not computed by the code that it judges.

Readers and cases are those of `tests.access.world`."""

from feedback.choices import Status as S
from tests.access import visiting

# --- readers ---------------------------------------------------------------------------------------------------------

OUTSIDE = frozenset({"anonymous", "not_staff", "disabled", "api_read", "api_read_a", "api_intake"})  # for the console
OFFICERS = frozenset({"officer", "officer_2"})
LEADS = frozenset({"lead", "superuser"})
DIVISIONS = frozenset({"division_1", "division_2"})
FACILITIES = frozenset(
    {"facility_officer_a", "facility_director_a", "facility_officer_b", "facility_director_b", "ended_a"}
)
DEPARTMENT = OFFICERS | LEADS | DIVISIONS | {"director", "auditor", "operator"}
CASE_READERS = DEPARTMENT | FACILITIES  # those who have a list of cases, were it empty
STAFF = CASE_READERS | {"sysadmin", "no_role"}
SYSTEMS = frozenset({"api_read", "api_read_a"})  # systems that read
CLOCK_READERS = DEPARTMENT - {"operator"}
RECORDERS = frozenset({"operator"}) | OFFICERS | LEADS
REVEALERS = OFFICERS | LEADS
APPROVERS = LEADS | {"director"}
CORRECTORS = OFFICERS | LEADS
ASKERS = OFFICERS | LEADS | DIVISIONS  # for a longer term
EXPORTERS = CASE_READERS - {"operator"}
NOTERS = CASE_READERS - {"auditor"}
ONLY_LEADS = LEADS
ONLY_SYSADMIN = frozenset({"sysadmin", "superuser"})
WATCHERS = LEADS | {"sysadmin"}
ONLY_SUPERUSER = frozenset({"superuser"})
ONLY_AUDITORS = frozenset({"auditor", "superuser"})
ROLE_READERS = LEADS | {"director", "auditor", "sysadmin"}
RECUSERS = LEADS | {"director"}
RECUSAL_READERS = RECUSERS | {"auditor"}
NOBODY: frozenset[str] = frozenset()
EVERYBODY = STAFF | OUTSIDE

# --- which cases -----------------------------------------------------------------------------------------------------

OF_A = frozenset(
    {
        "unreleased_a",
        "waiting_a",
        "forwarded_a",
        "answered_a",
        "closed_a",
        "elsewhere",
        "taken_back",
        "kept_from",
        "sent",
    }
)
ORDINARY = OF_A | {
    "new", "recorded", "recorded_2", "forwarded_b", "answered_b", "of_c", "division_1", "division_2", "transferred",
    "merged",
}  # fmt: skip
CONFIDENTIAL = frozenset({"confidential", "confidential_1", "confidential_2", "once_open_a", "sent_confidential"})
KEPT_FROM = frozenset({"kept_from", "of_c"})  # by a recusal from the case, and from its facility
WITH_A = frozenset({"waiting_a", "forwarded_a", "answered_a", "closed_a", "elsewhere", "sent"})
WITH_B = frozenset({"forwarded_b", "answered_b"})

SEES: dict[str, frozenset[str]] = {
    "operator": frozenset({"recorded"}),
    "officer": ORDINARY - KEPT_FROM,
    "officer_2": ORDINARY | {"confidential_2"},  # assigned
    "division_1": frozenset({"division_1", "confidential_1"}),  # the second one as the person responsible
    "division_2": frozenset({"division_2"}),
    "lead": (ORDINARY | CONFIDENTIAL) - KEPT_FROM,
    "director": (ORDINARY | CONFIDENTIAL) - KEPT_FROM,
    "auditor": (ORDINARY | CONFIDENTIAL) - KEPT_FROM,
    "superuser": (ORDINARY | CONFIDENTIAL) - KEPT_FROM,
    "facility_officer_a": WITH_A,
    "facility_director_a": WITH_A,
    "facility_officer_b": WITH_B,
    "facility_director_b": WITH_B,
    "api_read": ORDINARY,
    "api_read_a": OF_A,
}
NOTHING: frozenset[str] = frozenset()

# --- which incidents: a facility its own, the department what was sent, the division in charge (the second one) all ---

INCIDENTS = frozenset({"incident_draft_a", "incident_a", "incident_b", "incident_c"})
SENT_BY_OTHERS = frozenset({"incident_a", "incident_b"})  # C, from whom the team is kept, is not among them
INCIDENT_READERS = DIVISIONS | LEADS | FACILITIES | {"director", "auditor"}
INCIDENT_WRITERS = frozenset({"facility_officer_a", "facility_officer_b"})
INCIDENT_CHECKERS = frozenset({"division_2", "superuser"})
AGREE_TO_LOWER = DIVISIONS | LEADS | {"director"}
SEE_NAMED = INCIDENT_WRITERS | INCIDENT_CHECKERS | {"division_1", "lead"}
INCIDENTS_SEEN: dict[str, frozenset[str]] = {
    "division_2": INCIDENTS - {"incident_draft_a"},
    **dict.fromkeys(("lead", "superuser", "director", "auditor"), SENT_BY_OTHERS),
    **dict.fromkeys(("facility_officer_a", "facility_director_a"), frozenset({"incident_draft_a", "incident_a"})),
    **dict.fromkeys(("facility_officer_b", "facility_director_b"), frozenset({"incident_b"})),
}
# what their facilities do afterwards: of each, one
ACTIONS_SEEN: dict[str, frozenset[str]] = {
    "division_2": frozenset({"action_a", "action_b", "action_c"}),
    **dict.fromkeys(("lead", "superuser", "director", "auditor"), frozenset({"action_a", "action_b"})),
    **dict.fromkeys(("facility_officer_a", "facility_director_a"), frozenset({"action_a"})),
    **dict.fromkeys(("facility_officer_b", "facility_director_b"), frozenset({"action_b"})),
}
VERIFIERS = {  # of B's the incident is mandatory: the department alone
    "action_a": frozenset({"division_2", "superuser", "facility_director_a"}),
    "action_b": frozenset({"division_2", "superuser"}),
    "action_c": frozenset({"division_2"}),
}
OF_ACTION = frozenset({"wa", "wp", "we", "wr", "wc"})
OF_INCIDENT = frozenset({"ib", "ir", "id", "il", "iy", "iz"})
OF_NAMED_REQUEST = frozenset({"iq"})  # within the facility, for those who ask and those who answer
OF_TALK = {True: "jt", False: "jv"}  # what facility and department talk with the reporter: each its own
BY_STAFF_RECEIPT = frozenset({"jt", "jv"})  # what the reporter reads by code
OF_UNSENT_ANALYSIS = frozenset({"ix"})  # the facility's own business, like a draft of the report
ANALYSED = frozenset({"incident_a"})  # what the department sees of analyses

# what the incident unit told the head of A and of B: their own business
WEEKS = frozenset({"week_a", "week_b"})
WEEK_READERS = FACILITIES | {"superuser"}  # who have the list, were it empty
WEEKS_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("facility_officer_a", "facility_director_a"), frozenset({"week_a"})),
    **dict.fromkeys(("facility_officer_b", "facility_director_b"), frozenset({"week_b"})),
}
# --- which directives: the department all, a facility what reached it ---

DIRECTIVES = frozenset({"directive_a", "directive_b"})
DIRECTIVE_READERS = OFFICERS | LEADS | DIVISIONS | FACILITIES | {"director", "auditor"}
REGISTER_READERS = DIRECTIVE_READERS - FACILITIES
REGISTER_KEEPERS = LEADS | DIVISIONS
DIRECTIVES_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(REGISTER_READERS, DIRECTIVES),
    **dict.fromkeys(("facility_officer_a", "facility_director_a"), frozenset({"directive_a"})),
    **dict.fromkeys(("facility_officer_b", "facility_director_b"), frozenset({"directive_b"})),
}
OF_DIRECTIVE = frozenset({"gb", "gn", "gt", "go"})

# --- which duties: the department all but C's, from which the team is kept; a facility its own ---

DUTIES = frozenset({"duty_a", "duty_b", "duty_c"})
DUTIES_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(REGISTER_READERS, DUTIES - {"duty_c"}),
    **dict.fromkeys(("officer_2", "division_2"), DUTIES),
    **dict.fromkeys(("facility_officer_a", "facility_director_a"), frozenset({"duty_a"})),
    **dict.fromkeys(("facility_officer_b", "facility_director_b"), frozenset({"duty_b"})),
}
REPORT_CHECKERS = DIVISIONS | {"superuser"}

# --- packs, rounds of scores, proposals: the department; a facility its published scores ---

YEARLY_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(REGISTER_READERS, frozenset({"pack", "round", "round_new", "merit_a"})),
    **dict.fromkeys(("officer_2", "division_2"), frozenset({"pack", "round", "round_new", "merit_a", "merit_c"})),
    **dict.fromkeys(FACILITIES, frozenset({"round"})),
}

# --- which returns: a facility its own, the department all, the division in charge (the second one) as well ---

RETURNS = frozenset({"return_a", "return_b", "return_letter"})
RETURNS_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("division_2", "lead", "superuser", "director", "auditor"), RETURNS),
    **dict.fromkeys(("facility_officer_a", "facility_director_a"), frozenset({"return_a"})),
    **dict.fromkeys(("facility_officer_b", "facility_director_b"), frozenset({"return_b"})),
}
RETURN_WRITERS = {
    "return_a": frozenset({"facility_officer_a", "facility_director_a"}),
    "return_b": frozenset({"facility_officer_b", "facility_director_b"}),
    "return_letter": frozenset({"division_2", "superuser"}),
}
RETURN_SIGNERS = RETURN_WRITERS | {"return_letter": frozenset({"director", "superuser"})}
RETURN_OVERSEERS = DIVISIONS | LEADS | {"director", "auditor"}
RETURN_BEGINNERS = FACILITIES | DIVISIONS | {"superuser"}

# --- which alerts: the department's; a facility reads the published words through its own receipt ---

ALERTS = frozenset({"alert", "alert_draft"})
RECEIPTS = frozenset({"receipt_a", "receipt_b", "receipt_c"})
ALERT_READERS = DIVISIONS | LEADS | {"director", "auditor"}
ALERT_WRITERS = frozenset({"division_2", "superuser"})
ALERT_PUBLISHERS = frozenset({"division_2", "lead", "superuser", "director"})
RECEIVERS = FACILITIES | {"superuser"}  # who have a list of what the department sent, were it empty
SIGNALS = frozenset({"signal_a", "signal_c"})  # a reason is hidden in each
JUDGES = ALERT_PUBLISHERS
ALERTS_SEEN: dict[str, frozenset[str]] = {
    "division_2": ALERTS | RECEIPTS | SIGNALS,
    **dict.fromkeys(
        ("lead", "superuser", "director", "auditor"), ALERTS | (RECEIPTS | SIGNALS) - {"receipt_c", "signal_c"}
    ),
    **{
        f"facility_{role}_{letter}": frozenset({f"receipt_{letter}"})
        for role in ("officer", "director")
        for letter in "ab"
    },
}
PUBLISHED_WORDS = "kb"
FIELDS_OF: dict[str, frozenset[str]] = {
    **dict.fromkeys(WEEKS, frozenset({"iw"})),
    "pack": frozenset({"ya"}),
    "round": frozenset({"yb"}),
    "round_new": frozenset({"yb"}),
    "merit_a": frozenset({"yc"}),
    "merit_c": frozenset({"yc"}),
    **dict.fromkeys(ALERTS | RECEIPTS | SIGNALS, frozenset({"ka", "kc", "kd", "ks"})),
}

# --- which saved filters: one's own, and what is shared with the department ---

FILTERS = frozenset({"filter_private", "filter_shared"})
FILTERS_SEEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(DEPARTMENT, frozenset({"filter_shared"})),
    "officer_2": FILTERS,
}
FIELDS_OF |= dict.fromkeys(FILTERS, frozenset({"sv"}))

# --- which fields ----------------------------------------------------------------------------------------------------

IDENTITY = frozenset({"rn", "rp", "re", "ra"})
NEVER_SHOWN = frozenset({"cr", "ou", "li", "lo", "au", "rr"}) | IDENTITY
TO_FACILITY = frozenset({"ti", "bo", "fs"})
IN_TALK = TO_FACILITY | {"sf", "nf", "nc", "nw"}
ANSWERED = TO_FACILITY | {"sf", "sa", "fi", "me", "an", "ac"}
FACILITY_READS: dict[str, frozenset[str]] = {
    "waiting_a": TO_FACILITY | {"sf"},
    "forwarded_a": IN_TALK,
    "answered_a": ANSWERED,
    "closed_a": ANSWERED | {"rt", "pu"},
    "elsewhere": TO_FACILITY | {"sg"},  # nothing of B's time with it
    "sent": IN_TALK,
    "forwarded_b": IN_TALK,
    "answered_b": ANSWERED,
}
SYSTEM_READS = TO_FACILITY | {"tr", "pu", "qu", "nc"}
# whose facility an officer may ask for an incident report: there is one, and it may know of the case
WITH_A_FACILITY = OF_A | {"forwarded_b", "answered_b", "of_c"}
STOOD_BEHIND = frozenset({"closed_a"})  # answers that the department confirmed
OF_B_IN_OF_A = frozenset({("elsewhere", "fi"), ("elsewhere", "an")})  # what B wrote before the case went to A
A_ALONE = frozenset({"facility_officer_a", "facility_director_a", "api_read_a"})  # who read nothing of B's time
PUBLISHED = frozenset({("closed_a", "pu")})
BY_RECEIPT = frozenset({"fs", "qu", "nc", "nb", "rt", "pu", "tr"})  # what the reporter reads of their own case


SEEN = (
    SEES,
    INCIDENTS_SEEN,
    WEEKS_SEEN,
    ACTIONS_SEEN,
    RETURNS_SEEN,
    ALERTS_SEEN,
    DIRECTIVES_SEEN,
    DUTIES_SEEN,
    YEARLY_SEEN,
    visiting.VISITS_SEEN,
    FILTERS_SEEN,
)


def sees(reader: str, case: str) -> bool:
    return any(case in seen.get(reader, NOTHING) for seen in SEEN)


def owns(reader: str, incident: str) -> bool:
    """Does this reader write for the incident's facility?"""
    return reader in INCIDENT_WRITERS and sees(reader, incident)


def _reads_of_directive(reader: str, field: str) -> bool:
    if field == "gi":  # a letter that is being read in
        return reader in REGISTER_KEEPERS
    if field == "hx":  # a report that is being written
        return reader in FACILITIES
    return field in OF_DIRECTIVE | {"hn", "hs"} or (field == "gr" and reader in REGISTER_READERS)


def _reads_beside_cases(reader: str, case: str, field: str) -> bool:
    """Of incidents, directives and what hangs on them, which this reader sees."""
    if case in visiting.EVERYTHING:
        return visiting.reads(reader, field)
    if case in FIELDS_OF:
        return field in FIELDS_OF[case]
    if case in DIRECTIVES | DUTIES:
        return _reads_of_directive(reader, field)
    if case in VERIFIERS:
        return field in OF_ACTION
    if case in RETURNS:
        return field == "qs" or case == "return_letter" or reader in FACILITIES
    if field in OF_NAMED_REQUEST:  # the log keeps what was asked and why
        return reader in FACILITIES | ONLY_AUDITORS
    is_theirs = field in OF_UNSENT_ANALYSIS and reader in FACILITIES
    return field in OF_INCIDENT or is_theirs or field == OF_TALK[reader in FACILITIES]


def reads(reader: str, case: str, field: str) -> bool:
    """May this reader find this field of this case on any page?"""
    if (case, field) in PUBLISHED or (field == PUBLISHED_WORDS and reader in ALERTS_SEEN):
        return True
    if not sees(reader, case):
        return False
    if case not in ORDINARY | CONFIDENTIAL:
        return _reads_beside_cases(reader, case, field)
    if field == "rr":
        return reader in APPROVERS or (reader, case) == ("officer_2", "confidential_2")
    if field == "cr":
        return reader in RECUSERS
    if field in NEVER_SHOWN:
        return False
    if reader in SYSTEMS:
        return field in SYSTEM_READS or (case in STOOD_BEHIND and field in ("fi", "me"))
    return reader in DEPARTMENT or field in FACILITY_READS[case]


RELATIONS = ("assigned", "same division", "own facility", "other facility", "confidential", "recused", "none")


def relation(reader: str, case: str) -> str:
    """How a reader stands to a case, for the count."""
    if case in KEPT_FROM and reader not in ("officer_2", *SYSTEMS, *OUTSIDE):
        return "recused"
    if (reader, case) in (("officer_2", "confidential_2"), ("division_1", "confidential_1"), ("operator", "recorded")):
        return "assigned"
    if case in CONFIDENTIAL:
        return "confidential"
    if reader in DIVISIONS:
        return "same division" if case == reader else "none"
    if reader.endswith(("_a", "_b")) and (case in OF_A or case in WITH_B):
        own = OF_A if reader.endswith("_a") else WITH_B
        return "own facility" if case in own else "other facility"
    return "none"


# --- which steps -----------------------------------------------------------------------------------------------------

_TRIAGE = {
    (S.RECEIVED, S.TRIAGED), (S.RECEIVED, S.FORWARDED), (S.RECEIVED, S.ASSIGNED), (S.RECEIVED, S.WAITING),
    (S.RECEIVED, S.TRANSFERRED), (S.RECEIVED, S.MERGED), (S.TRIAGED, S.FORWARDED), (S.TRIAGED, S.ASSIGNED),
    (S.TRIAGED, S.WAITING), (S.TRIAGED, S.TRANSFERRED), (S.TRIAGED, S.MERGED), (S.ASSIGNED, S.FORWARDED),
    (S.FORWARDED, S.TRIAGED), (S.TRANSFERRED, S.RECEIVED), (S.MERGED, S.RECEIVED),
}  # fmt: skip
_SCREEN = {(S.RECEIVED, S.OUT_OF_SCOPE), (S.TRIAGED, S.OUT_OF_SCOPE)}
_EXAMINE = {(S.ASSIGNED, S.ANSWERED), (S.ASSIGNED, S.TRIAGED)}
_ANSWER = {(S.FORWARDED, S.ANSWERED)}
_CHECK = {(S.ANSWERED, S.RETURNED), (S.ANSWERED, S.CHECKED)}
_REPLY = {(S.TRIAGED, S.REPLIED)}
_REOPEN = {(S.CLOSED, S.IN_REVIEW)}
EVERY_STEP = _TRIAGE | _SCREEN | _EXAMINE | _ANSWER | _CHECK | _REPLY | _REOPEN  # from where the world's cases stand

STEPS: dict[str, set[tuple[S, S]]] = {
    "operator": _SCREEN,
    "officer": _TRIAGE | _SCREEN | _CHECK | _REPLY,
    "officer_2": _TRIAGE | _SCREEN | _CHECK | _REPLY,
    "division_1": _EXAMINE | _CHECK,
    "division_2": _EXAMINE | _CHECK,
    "lead": _TRIAGE | _SCREEN | _CHECK | _REPLY | _REOPEN,
    "director": _REOPEN,
    "facility_officer_a": _ANSWER,
    "facility_director_a": _ANSWER,
    "facility_officer_b": _ANSWER,
    "facility_director_b": _ANSWER,
    "superuser": EVERY_STEP,
}
