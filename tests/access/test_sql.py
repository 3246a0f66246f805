"""The matrix in SQL: what the database's own policies show each reader of the planted world, whatever the query says.

What is expected is the matrix written by hand (`tests.access.policy`)."""

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from accounts.access.policies import declared
from accounts.access.scope import on_behalf_of
from accounts.api.authentication import ClientTokenAuthentication
from accounts.models import Recusal
from audit.models import Entry
from common.scope import Scope, as_system, entered
from deadlines.models import Deadline, Duty, Escalation, Extension, Pause
from deadlines.services import deadlines_of
from directives.models import (
    Assignment,
    AssignmentPast,
    Clause,
    ComplianceReport,
    Directive,
    DocumentVersion,
    Evidence,
    EvidenceFile,
    ExpansionRun,
    ImportDraft,
    Indicator,
    IndicatorPast,
    IndicatorValue,
    Lineage,
    MeritEvidence,
    MeritProposal,
    Obligation,
    PackFile,
    ReportEvidence,
    ReportPack,
    ScoreRound,
    UnitScore,
)
from feedback.models import (
    Answer,
    Attachment,
    Case,
    CaseImport,
    CaseRecusal,
    DayCount,
    Difference,
    Draft,
    ImportedRow,
    Note,
    Receipt,
    ReceivedMail,
    Reconciliation,
    Reply,
    Reporter,
    RevealRequest,
    SavedFilter,
    Submission,
)
from incidents.choices import Side
from incidents.models import (
    Action,
    ActionPast,
    Addendum,
    Alert,
    AlertEdition,
    AlertPast,
    AlertReceipt,
    AlertReceiptPast,
    Analysis,
    AnalysisPast,
    ConcessionAsked,
    EffectCheck,
    Incident,
    Named,
    NamedRequest,
    PaperGiven,
    Past,
    Progress,
    ReceiptFile,
    Reclassification,
    Remark,
    Return,
    ReturnEdition,
    ReturnFile,
    ReturnPast,
    ReturnText,
    Signal,
    SignalPast,
    StaffReceipt,
    StaffReport,
    SystemReport,
    Talk,
    WeeklySummary,
)
from incidents.models import (
    Evidence as ActionEvidence,
)
from links.models import Link
from notifications.models import InboxItem, Outbox
from suggestions.models import SuggestionChoice
from tests.access import policy
from tests.access.visits import ON_VISITS
from tests.access.world import CANARY, KEPT, Reader, World, planted
from tests.conftest import LINES
from tests.feedback import factories as make

COLUMNS: dict[Any, str] = {
    Case: "title",
    Answer: "findings",
    Reply: "text",
    Note: "text",
    Attachment: "name",
    RevealRequest: "reason",
    CaseRecusal: "reason",
    InboxItem: "params::text",
}
# Rows that hold no canary of their own: by which way they lead to their case, and who is shown them.
WAYS: dict[Any, tuple[str, str]] = {
    Case.history.model: ("id", "everybody"),  # type: ignore[attr-defined]
    CaseRecusal.history.model: ("case_id", "recusing"),  # type: ignore[attr-defined]
    Submission: ("case_id", "department"),
    Reporter: ("submission__case_id", "department"),
    Receipt: ("case_id", "nobody"),
    Deadline: ("about_id", "everybody"),
    Pause: ("deadline__about_id", "everybody"),
    Escalation: ("deadline__about_id", "everybody"),
    Extension: ("deadline__about_id", "everybody"),
    Duty: ("deadline__about_id", "clocks"),  # given to somebody who is no reader here
    Link: ("source_id", "nobody"),
}
ON_CLOCKS: tuple[Any, ...] = (Pause, Escalation, Extension, Duty)
# Rows of the whole system: by which right they are shown.
WHOLE = {Entry: "audit.view_entry", Outbox: "notifications.receive_dead_letters"}
# Rows that tests of their own ask for.
APART = {Draft, DayCount, Recusal, Recusal.history.model, WeeklySummary, StaffReceipt}
# Rows of incidents, by which way they lead to theirs.
OF_INCIDENT: dict[Any, str] = {
    Incident: "pk",
    Past: "id",
    Addendum: "incident_id",
    PaperGiven: "incident_id",
    Reclassification: "incident_id",
    Analysis: "incident_id",
    AnalysisPast: "incident_id",
    Remark: "analysis__incident_id",
    StaffReport: "incident_id",
    SystemReport: "incident_id",
    Talk: "incident_id",
}
# Rows of actions, by which way they lead to theirs.
OF_ACTION: dict[Any, str] = {
    Action: "pk",
    ActionPast: "id",
    Progress: "action_id",
    ActionEvidence: "action_id",
    EffectCheck: "action_id",
    ConcessionAsked: "action_id",
}


# Rows of directives, by which way they lead to theirs, and those of assignments.
OF_DIRECTIVE: dict[Any, str] = {
    Directive: "pk",
    DocumentVersion: "directive_id",
    Clause: "directive_id",
    Obligation: "directive_id",
}
DIRECTIVE_PASTS = {Directive.history.model: "id", Obligation.history.model: "directive_id"}  # type: ignore[attr-defined]
# those that `tests.directives.test_reporting` asks for
ON_DUTIES = {
    Lineage, Indicator, IndicatorPast, ImportDraft, Assignment, AssignmentPast, ComplianceReport, IndicatorValue,
    Evidence, EvidenceFile, ReportEvidence, ExpansionRun,
}  # fmt: skip
# those that `tests.directives.test_emulation` asks for
ON_SCORES = {ReportPack, PackFile, ScoreRound, UnitScore, MeritProposal, MeritEvidence}

# Rows of files of cases and of reconciliations: those who import and compare, and a system its own lists.
OF_RUN: dict[Any, str] = {Reconciliation: "pk", Difference: "about_id", CaseImport: "", ImportedRow: ""}

OF_RETURN: dict[Any, str] = {
    Return: "pk",
    ReturnPast: "id",
    ReturnText: "about_id",
    ReturnEdition: "about_id",
    ReturnFile: "edition__about_id",
}
OF_ALERT: tuple[Any, ...] = (
    Alert, AlertEdition, AlertPast, AlertReceipt, AlertReceiptPast, ReceiptFile, Signal, SignalPast,
)  # fmt: skip


def shows(reader: str, case: str, what: str) -> bool:
    """May the row that holds this canary be shown? Systems read fewer columns than people, not fewer rows, but for one
    limited to a facility: it reads what that one wrote."""
    if what in ("rr", "cr"):
        return policy.reads(reader, case, what)
    if what == "ou":
        return False  # the inbox of somebody who is no reader here
    if reader == "api_read_a" and (case, what) in policy.OF_B_IN_OF_A:
        return False
    is_department = reader in policy.DEPARTMENT or reader in policy.SYSTEMS
    return policy.sees(reader, case) and (is_department or what in policy.FACILITY_READS[case])


def shows_part(reader: str, case: str, whom: str) -> bool:
    """May a row without a canary be shown, which hangs on this case?"""
    if whom == "nobody" or not policy.sees(reader, case):
        return False
    if whom == "recusing":
        return policy.reads(reader, case, "cr")
    if whom == "clocks":
        return reader in policy.CLOCK_READERS or reader in policy.SYSTEMS
    return whom == "everybody" or reader in policy.DEPARTMENT or reader in policy.SYSTEMS


class SqlMatrixTests(TestCase):
    world: World

    @classmethod
    def setUpTestData(cls) -> None:
        cls.world = World()

    def taken_back(self, deed: Callable[[Any], Any]) -> Any:
        """Do something in the scope that holds; what it wrote is taken back."""
        with transaction.atomic(), connection.cursor() as cursor:
            done = deed(cursor)
            transaction.set_rollback(True)
        return done

    def rows(self, model: Any) -> set[tuple[str, str]]:
        """Which canaries the database shows, without any condition of ours."""
        with connection.cursor() as cursor:
            found = _selected(cursor, f'SELECT {COLUMNS[model]} FROM "{_table(model)}"')
        pairs = {pair for (text,) in found for pair in CANARY.findall(text)}
        return {(self.world.names[int(number)], what) for number, what in pairs}

    def keys(self, model: Any) -> set[int]:
        """Which rows the database shows, without any condition of ours."""
        with connection.cursor() as cursor:
            return {row[0] for row in _selected(cursor, f'SELECT {model._meta.pk.column} FROM "{_table(model)}"')}

    def parts(self, model: Any) -> dict[int, str]:
        """Every row of a model that hangs on cases, with its case."""
        names = {case.pk: name for name, case in self.world.cases.items()}
        pairs = model._default_manager.values_list("pk", WAYS[model][0])
        return {key: names[case] for key, case in pairs if case in names}

    def clocks_of_b(self) -> dict[Any, set[int]]:
        """The deadline by which B had to answer the case that A has now, and what hangs on it."""
        case = self.world.cases["elsewhere"]
        clock = deadlines_of(case).filter(obligation="answer").earliest("starts_at")
        found = {model: set(model.objects.filter(deadline=clock).values_list("pk", flat=True)) for model in ON_CLOCKS}
        return found | {Deadline: {clock.pk}}

    def test_each_reader_is_shown_the_parts_of_their_cases(self) -> None:
        planted_rows = {model: self.parts(model) for model in WAYS}
        of_b = self.clocks_of_b()
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                for model, rows in planted_rows.items():
                    with self.subTest(reader=name, model=model.__name__):
                        expected = {key for key, case in rows.items() if shows_part(name, case, WAYS[model][1])}
                        expected -= of_b.get(model, set()) if name in policy.A_ALONE else set()
                        self.assertEqual(self.keys(model) & set(rows), expected)
        self.assertEqual([model.__name__ for model, rows in planted_rows.items() if not rows], [])

    def test_what_belongs_to_the_whole_system_takes_its_right(self) -> None:
        for model, right in WHOLE.items():
            rows = set(model._default_manager.values_list("pk", flat=True))
            self.assertGreater(len(rows), 0)
            for name, reader in self.world.readers.items():
                user = reader_of(reader)
                expected = rows - self.kept(name, model) if user is not None and user.has_perm(right) else set()
                with self.subTest(reader=name, model=model.__name__), on_behalf_of(user):
                    self.assertEqual(self.keys(model), expected)

    def test_saved_filters(self) -> None:
        """One's own, and what the department's people share; none for systems."""
        names = {one.pk: name for name, one in self.world.filters.items()}
        for name, reader in self.world.readers.items():
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                seen = {names[key] for key in self.keys(SavedFilter)}
                self.assertEqual(seen, policy.FILTERS_SEEN.get(name, policy.NOTHING))

    def test_choices_beside_suggestions(self) -> None:
        """For leads, who look at how good suggestions are."""
        with as_system():
            row = SuggestionChoice.objects.create(
                on=timezone.localdate(),
                door="call",
                about="category",
                suggested="COSO.01",
                version="0-test",
                fit="left",
            )
        for name, reader in self.world.readers.items():
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                self.assertEqual(self.keys(SuggestionChoice), {row.pk} if name in policy.LEADS else set())

    def test_requests_to_see_a_reporter(self) -> None:
        """Within the facility only: who asked, and those who may answer."""
        for name, reader in self.world.readers.items():
            is_there = name in ("facility_officer_a", "facility_director_a")
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                self.assertEqual(self.keys(NamedRequest), {self.world.named_request.pk} if is_there else set())

    def test_actions_and_their_parts(self) -> None:
        """A facility is shown its own, the department those of its incidents."""
        names = {one.pk: name for name, one in self.world.actions.items()}
        rows = {model: dict(model._base_manager.values_list("pk", way)) for model, way in OF_ACTION.items()}
        self.assertTrue(all(rows[model] for model in (Action, ActionPast, Progress, ActionEvidence, ConcessionAsked)))
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                for model, pairs in rows.items():
                    seen = {key for key, pk in pairs.items() if policy.sees(name, names[pk])}
                    with self.subTest(reader=name, model=model.__name__):
                        self.assertEqual(self.keys(model), seen)

    def test_incidents_and_their_parts(self) -> None:
        """A facility is shown its own, the department what was sent and nothing of its drafts; names nobody."""
        names = {one.pk: name for name, one in self.world.incidents.items()}
        rows = {model: dict(model._base_manager.values_list("pk", way)) for model, way in OF_INCIDENT.items()}
        drafts = set(Past.objects.filter(status="draft").values_list("pk", flat=True))
        unsent = {
            model: set(model._base_manager.filter(status="draft").values_list("pk", flat=True))
            for model in (Analysis, AnalysisPast)
        }
        talk = {side: set(Talk.objects.filter(side=side).values_list("pk", flat=True)) for side in Side}
        self.assertTrue(
            all(
                rows[model]
                for model in (StaffReport, SystemReport, Talk, Incident, Past, Addendum, Reclassification, Analysis)
            )
            and drafts
        )
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                self.assertEqual((self.keys(Named), self.keys(StaffReceipt)), (set(), set()))
                for model, pairs in rows.items():
                    seen = {key for key, pk in pairs.items() if policy.sees(name, names[pk])}
                    if model is Past and name not in policy.FACILITIES:
                        seen -= drafts
                    if model in (Analysis, AnalysisPast, Remark) and name not in policy.FACILITIES:
                        seen = {key for key in seen if names[pairs[key]] in policy.ANALYSED}
                        seen -= unsent.get(model, set())
                    if model is Talk:
                        seen &= talk["facility" if name in policy.FACILITIES else "department"]
                    with self.subTest(reader=name, model=model.__name__):
                        self.assertEqual(self.keys(model), seen)

    def test_a_week_is_told_inside_its_facility_only(self) -> None:
        names = {one.pk: name for name, one in self.world.weeks.items()}
        for name, reader in self.world.readers.items():
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                seen = {names[key] for key in self.keys(WeeklySummary)}
                self.assertEqual(seen, policy.WEEKS_SEEN.get(name, policy.NOTHING))

    def test_directives_and_what_follows_from_them(self) -> None:
        """The department is shown the register and what it said before, a facility what reached it."""
        names = {one.pk: name for name, one in self.world.directives.items()}
        ways = OF_DIRECTIVE | DIRECTIVE_PASTS
        rows = {model: dict(model._base_manager.values_list("pk", way)) for model, way in ways.items()}
        self.assertTrue(all(rows.values()))
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                for model, pairs in rows.items():
                    seen = {key for key, pk in pairs.items() if policy.sees(name, names[pk])}
                    if model in DIRECTIVE_PASTS and name in policy.FACILITIES:
                        seen = set()
                    with self.subTest(reader=name, model=model.__name__):
                        self.assertEqual(self.keys(model), seen)

    def test_returns_and_their_parts(self) -> None:
        """A facility is shown its own, the department all but what a facility is still writing."""
        names = {one.pk: name for name, one in self.world.returns.items()}
        rows = {model: dict(model._base_manager.values_list("pk", way)) for model, way in OF_RETURN.items()}
        self.assertTrue(all(rows.values()))
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                for model, pairs in rows.items():
                    seen = {key for key, pk in pairs.items() if policy.sees(name, names[pk])}
                    if model is ReturnText and name not in policy.FACILITIES:
                        seen = {key for key in seen if names[pairs[key]] == "return_letter"}
                    with self.subTest(reader=name, model=model.__name__):
                        self.assertEqual(self.keys(model), seen)

    def test_alerts_and_their_receipts(self) -> None:
        """The department is shown alerts, a facility its receipts; the words reach it by a deed."""
        alerts = {one.pk: name for name, one in self.world.alerts.items()}
        receipts = {one.pk: name for name, one in self.world.receipts.items()}
        ways = {Alert: "pk", AlertPast: "id", AlertEdition: "alert_id", AlertReceipt: "pk", AlertReceiptPast: "id"}
        signals = {one.pk: name for name, one in self.world.signals.items()}
        ways |= {Signal: "pk", SignalPast: "id", ReceiptFile: "receipt_id"}
        rows = {model: dict(model._base_manager.values_list("pk", way)) for model, way in ways.items()}
        self.assertTrue(all(rows.values()))
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                for model, pairs in rows.items():
                    of_receipts = (AlertReceipt, AlertReceiptPast, ReceiptFile)
                    named = receipts if model in of_receipts else alerts
                    named = signals if model in (Signal, SignalPast) else named
                    seen = {key for key, pk in pairs.items() if policy.sees(name, named[pk])}
                    with self.subTest(reader=name, model=model.__name__):
                        self.assertEqual(self.keys(model), seen)

    def test_files_of_cases_and_reconciliations(self) -> None:
        """Whoever imports and compares is shown all, a system its own lists."""
        own = self.world.reconciliations["sent"].pk
        for model, way in OF_RUN.items():
            rows = dict(model._base_manager.values_list("pk", way or "pk"))
            self.assertTrue(rows)
            for name, reader in self.world.readers.items():
                seen = set(rows) if name in policy.LEADS else set()
                if name == "api_intake" and way:
                    seen = {key for key, about in rows.items() if about == own}
                with self.subTest(reader=name, model=model.__name__), on_behalf_of(reader_of(reader)):
                    self.assertEqual(self.keys(model), seen)

    def test_what_came_of_emails(self) -> None:
        """With its case; without one, those who see that everything runs."""
        for name, reader in self.world.readers.items():
            is_department = name in policy.DEPARTMENT
            seen = {row.pk for case, row in self.world.mails.items() if case and policy.sees(name, case)}
            alone = {self.world.mails[""].pk} if name in policy.WATCHERS else set()
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                self.assertEqual(self.keys(ReceivedMail), (seen if is_department else set()) | alone)

    def kept(self, name: str, model: Any) -> set[int]:
        """Entries of the log about what this reader is kept from."""
        if model is not Entry or name not in KEPT:
            return set()
        cases = [self.world.cases[case].pk for case in policy.KEPT_FROM]
        return set(Entry.objects.filter(about_type="feedback.case", about_id__in=cases).values_list("pk", flat=True))

    def test_a_draft_is_its_operators(self) -> None:
        rows = self.keys(Draft)
        self.assertEqual(len(rows), 1)
        for name, reader in self.world.readers.items():
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                self.assertEqual(self.keys(Draft), rows if name == "operator" else set())

    def test_counts_are_for_those_whose_list_would_show_which(self) -> None:
        whole = dict.fromkeys(("lead", "director", "auditor", "superuser"), {"all", "ordinary"})
        parts = dict.fromkeys(("officer", "officer_2"), {"ordinary"})
        for number, division in enumerate((self.world.division_1, self.world.division_2), 1):
            parts[f"division_{number}"] = {f"division:{division.pk}"}
        for letter, facility in (("a", self.world.a), ("b", self.world.b)):
            for role in ("officer", "director"):
                parts[f"facility_{role}_{letter}"] = {f"facility:{facility.pk}"}
        for name, reader in self.world.readers.items():
            with self.subTest(reader=name), on_behalf_of(reader_of(reader)):
                scopes = set(DayCount.objects.values_list("scope", flat=True))
                self.assertEqual(scopes, (whole | parts).get(name, set()))

    def test_recusals_from_facilities_are_read_by_who_looks_after_them_and_is_not_kept_too(self) -> None:
        rows = {row.pk: row for row in Recusal.objects.all()}
        self.assertEqual({row.facility for row in rows.values()}, {self.world.b, self.world.c})
        for name, reader in self.world.readers.items():
            user = reader_of(reader)
            own = {key for key, row in rows.items() if user is not None and row.user_id == user.pk and user.is_active}
            others = {key for key, row in rows.items() if name not in KEPT or row.facility != self.world.c}
            expected = own | others if name in policy.RECUSAL_READERS else own
            with self.subTest(reader=name), on_behalf_of(user):
                self.assertEqual(self.keys(Recusal), expected)
                past = set(Recusal.history.values_list("id", flat=True))  # type: ignore[attr-defined]
                self.assertEqual(past, expected)

    def test_each_reader_is_shown_the_rows_of_the_matrix(self) -> None:
        with as_system():
            planted_rows = {model: self.rows(model) for model in COLUMNS}
        self.assertEqual(len(planted_rows[Case]), len(self.world.cases))
        count = 0
        for name, reader in self.world.readers.items():
            with on_behalf_of(reader_of(reader)):
                for model, rows in planted_rows.items():
                    with self.subTest(reader=name, model=model.__name__):
                        expected = {(case, what) for case, what in rows if shows(name, case, what)}
                        self.assertEqual(self.rows(model), expected)
                    count += len(rows)
        LINES.append(f"Leak matrix, in SQL: {count} rows asked for, each by each reader")

    def test_every_declared_model_is_asked(self) -> None:
        asked = {*COLUMNS, *WAYS, *WHOLE, *APART, *OF_INCIDENT, *OF_ACTION, Named, NamedRequest}
        asked |= ON_VISITS | {*OF_ALERT, *OF_RETURN, *OF_DIRECTIVE, *DIRECTIVE_PASTS, *ON_DUTIES, *ON_SCORES}
        asked |= {*OF_RUN, ReceivedMail, SavedFilter, SuggestionChoice}
        self.assertEqual(set(declared()) - asked, set(), "give the model a column with a canary, or its way to a case")

    def test_without_a_scope_no_row_is_shown(self) -> None:
        for model in declared():
            with self.subTest(model.__name__), entered(Scope()):
                self.assertEqual(self.keys(model), set())

    def test_nobody_writes_a_row_that_they_are_not_shown(self) -> None:
        for name, reader in self.world.readers.items():
            with self.subTest(name), on_behalf_of(reader_of(reader)):
                changed = self.taken_back(lambda cursor: _count(cursor, "UPDATE feedback_case SET title = 'khác'"))
                self.assertEqual(changed, len(policy.SEES.get(name, ())))
                for hidden in sorted(set(self.world.cases) - policy.SEES.get(name, frozenset()))[:3]:
                    self.assertFalse(self.may_note(hidden), hidden)

    def test_nobody_moves_a_row_out_of_their_sight(self) -> None:
        """A facility cannot hand its case to another one, nor take it out of what it is shown."""
        number = self.world.cases["forwarded_a"].pk
        with on_behalf_of(reader_of(self.world.readers["facility_officer_a"])):
            for change in (f"facility_id = {self.world.b.pk}", "is_released = false", "is_confidential = true"):
                with self.subTest(change), self.assertRaises(DatabaseError):
                    self.taken_back(
                        lambda cursor, change=change: cursor.execute(
                            f"UPDATE feedback_case SET {change} WHERE id = %s", [number]
                        )
                    )

    def may_note(self, case: str) -> bool:
        values = [self.world.cases[case].pk, planted(self.world.numbers[case], "no")]
        statement = (
            "INSERT INTO feedback_note (case_id, at, text, audience) VALUES (%s, statement_timestamp(), %s, 'facility')"
        )
        try:
            self.taken_back(lambda cursor: cursor.execute(statement, values))
        except DatabaseError:
            return False
        return True


def reader_of(reader: Reader) -> Any:
    """Whoever a request of theirs would find; nobody for who is not signed in."""
    if "authorization" in reader.headers:
        token = reader.headers["authorization"].partition(" ")[2]
        return ClientTokenAuthentication().authenticate_credentials(token.encode())[0]
    return make.fresh(reader.user) if reader.user is not None else None


def _table(model: Any) -> str:
    return str(model._meta.db_table)


def _selected(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    found: list[Any] = cursor.fetchall()
    return found


def _count(cursor: Any, statement: str) -> int:
    cursor.execute(statement)
    return int(cursor.rowcount)
