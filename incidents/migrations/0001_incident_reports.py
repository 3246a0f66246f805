import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import incidents.models.action
import incidents.models.alerts
from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("facilities", "0002_history"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalIncident",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("reference", models.CharField(editable=False, max_length=20, verbose_name="reference")),
                        ("edition", models.CharField(editable=False, max_length=40, verbose_name="lists of")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("submitted", "sent to the department"),
                                    ("returned", "returned to the facility"),
                                    ("accepted", "accepted"),
                                    ("dropped", "dropped draft"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "subject",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("SUB1", "Patient"),
                                    ("SUB2", "Relative or visitor"),
                                    ("SUB3", "Health staff"),
                                    ("SUB4", "Equipment or building"),
                                ],
                                max_length=4,
                                verbose_name="whom it happened to",
                            ),
                        ),
                        ("ward", models.CharField(blank=True, max_length=200, verbose_name="department or place")),
                        ("spot", models.CharField(blank=True, max_length=200, verbose_name="exact spot")),
                        ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="moment it happened")),
                        ("detected_at", models.DateTimeField(blank=True, null=True, verbose_name="noticed")),
                        ("description", models.TextField(blank=True, verbose_name="short description")),
                        ("proposal", models.TextField(blank=True, verbose_name="first proposal")),
                        ("treatment", models.TextField(blank=True, verbose_name="first treatment or handling")),
                        (
                            "told_physician",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="physician or person in charge was told",
                            ),
                        ),
                        (
                            "is_in_record",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="written into the medical record",
                            ),
                        ),
                        (
                            "told_family",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="relatives or guardian were told",
                            ),
                        ),
                        (
                            "told_patient",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="patient was told",
                            ),
                        ),
                        (
                            "harm",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("A", "A"),
                                    ("B", "B"),
                                    ("C", "C"),
                                    ("D", "D"),
                                    ("E", "E"),
                                    ("F", "F"),
                                    ("G", "G"),
                                    ("H", "H"),
                                    ("I", "I"),
                                ],
                                max_length=1,
                                verbose_name="harm letter",
                            ),
                        ),
                        ("deaths", models.PositiveSmallIntegerField(default=0, verbose_name="patients who died")),
                        ("more_feared", models.BooleanField(default=False, verbose_name="more deaths are feared")),
                        (
                            "serious_item",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[
                                    (1, "1"),
                                    (2, "2"),
                                    (3, "3"),
                                    (4, "4"),
                                    (5, "5"),
                                    (6, "6"),
                                    (7, "7"),
                                    (8, "8"),
                                    (9, "9"),
                                    (10, "10"),
                                    (11, "11"),
                                    (12, "12"),
                                    (13, "13"),
                                    (14, "14"),
                                    (15, "15"),
                                    (16, "16"),
                                    (17, "17"),
                                    (18, "18"),
                                    (19, "19"),
                                    (20, "20"),
                                    (21, "21"),
                                    (22, "22"),
                                    (23, "23"),
                                    (24, "24"),
                                    (25, "25"),
                                    (26, "26"),
                                    (27, "27"),
                                    (28, "28"),
                                ],
                                null=True,
                                verbose_name="serious incident",
                            ),
                        ),
                        (
                            "exception",
                            models.TextField(blank=True, verbose_name="why the exception of the list applies"),
                        ),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="types",
                            ),
                        ),
                        (
                            "causes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="causes",
                            ),
                        ),
                        (
                            "reporter_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("REP1", "Nurse"),
                                    ("REP2", "Physician"),
                                    ("REP3", "Patient"),
                                    ("REP4", "Relative or visitor"),
                                    ("REP5", "Other (say which)"),
                                ],
                                max_length=4,
                                verbose_name="reporter is",
                            ),
                        ),
                        ("reporter_other", models.CharField(blank=True, max_length=100, verbose_name="namely")),
                        (
                            "is_named",
                            models.BooleanField(default=False, editable=False, verbose_name="reporter gave a name"),
                        ),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                        (
                            "mandatory_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="mandatory since"),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="officer",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical medical incident",
                        "verbose_name_plural": "historical medical incidents",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="b6ec3b516a1726726e976dc249e4023d3c73fe8b",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_e09c9",
                                    table="incidents_historicalincident",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="7e3922fe6a2dafaa7f3bcf5061fd0b986c7ce35a",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_a795a",
                                    table="incidents_historicalincident",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Incident",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(editable=False, max_length=20, unique=True, verbose_name="reference"),
                        ),
                        ("edition", models.CharField(editable=False, max_length=40, verbose_name="lists of")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("submitted", "sent to the department"),
                                    ("returned", "returned to the facility"),
                                    ("accepted", "accepted"),
                                    ("dropped", "dropped draft"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "subject",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("SUB1", "Patient"),
                                    ("SUB2", "Relative or visitor"),
                                    ("SUB3", "Health staff"),
                                    ("SUB4", "Equipment or building"),
                                ],
                                max_length=4,
                                verbose_name="whom it happened to",
                            ),
                        ),
                        ("ward", models.CharField(blank=True, max_length=200, verbose_name="department or place")),
                        ("spot", models.CharField(blank=True, max_length=200, verbose_name="exact spot")),
                        ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="moment it happened")),
                        ("detected_at", models.DateTimeField(blank=True, null=True, verbose_name="noticed")),
                        ("description", models.TextField(blank=True, verbose_name="short description")),
                        ("proposal", models.TextField(blank=True, verbose_name="first proposal")),
                        ("treatment", models.TextField(blank=True, verbose_name="first treatment or handling")),
                        (
                            "told_physician",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="physician or person in charge was told",
                            ),
                        ),
                        (
                            "is_in_record",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="written into the medical record",
                            ),
                        ),
                        (
                            "told_family",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="relatives or guardian were told",
                            ),
                        ),
                        (
                            "told_patient",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="patient was told",
                            ),
                        ),
                        (
                            "harm",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("A", "A"),
                                    ("B", "B"),
                                    ("C", "C"),
                                    ("D", "D"),
                                    ("E", "E"),
                                    ("F", "F"),
                                    ("G", "G"),
                                    ("H", "H"),
                                    ("I", "I"),
                                ],
                                max_length=1,
                                verbose_name="harm letter",
                            ),
                        ),
                        (
                            "level",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.Case(
                                    models.When(harm__in=["A"], then=models.Value("NC0")),
                                    models.When(harm__in=["B", "C", "D"], then=models.Value("NC1")),
                                    models.When(harm__in=["E", "F"], then=models.Value("NC2")),
                                    models.When(harm__in=["G", "H", "I"], then=models.Value("NC3")),
                                    default=models.Value(""),
                                ),
                                output_field=models.CharField(max_length=3, verbose_name="level"),
                            ),
                        ),
                        ("deaths", models.PositiveSmallIntegerField(default=0, verbose_name="patients who died")),
                        ("more_feared", models.BooleanField(default=False, verbose_name="more deaths are feared")),
                        (
                            "serious_item",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[
                                    (1, "1"),
                                    (2, "2"),
                                    (3, "3"),
                                    (4, "4"),
                                    (5, "5"),
                                    (6, "6"),
                                    (7, "7"),
                                    (8, "8"),
                                    (9, "9"),
                                    (10, "10"),
                                    (11, "11"),
                                    (12, "12"),
                                    (13, "13"),
                                    (14, "14"),
                                    (15, "15"),
                                    (16, "16"),
                                    (17, "17"),
                                    (18, "18"),
                                    (19, "19"),
                                    (20, "20"),
                                    (21, "21"),
                                    (22, "22"),
                                    (23, "23"),
                                    (24, "24"),
                                    (25, "25"),
                                    (26, "26"),
                                    (27, "27"),
                                    (28, "28"),
                                ],
                                null=True,
                                verbose_name="serious incident",
                            ),
                        ),
                        (
                            "exception",
                            models.TextField(blank=True, verbose_name="why the exception of the list applies"),
                        ),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="types",
                            ),
                        ),
                        (
                            "causes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="causes",
                            ),
                        ),
                        (
                            "reporter_role",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("REP1", "Nurse"),
                                    ("REP2", "Physician"),
                                    ("REP3", "Patient"),
                                    ("REP4", "Relative or visitor"),
                                    ("REP5", "Other (say which)"),
                                ],
                                max_length=4,
                                verbose_name="reporter is",
                            ),
                        ),
                        ("reporter_other", models.CharField(blank=True, max_length=100, verbose_name="namely")),
                        (
                            "is_named",
                            models.BooleanField(default=False, editable=False, verbose_name="reporter gave a name"),
                        ),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                        (
                            "mandatory_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="mandatory since"),
                        ),
                        ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="due")),
                        (
                            "division",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        (
                            "assignee",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="officer",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                    ],
                    options={
                        "verbose_name": "medical incident",
                        "verbose_name_plural": "medical incidents",
                        "ordering": ["-opened_at", "-id"],
                        "permissions": [
                            ("view_every_incident", "See every incident that was sent to the department"),
                            ("view_division_incident", "See the incidents of one's division"),
                            ("view_facility_incident", "See the incidents of one's facility"),
                            ("write_incident", "Write and send incident reports of one's facility"),
                            ("check_incident", "Accept and return incident reports"),
                            ("agree_lowering", "Agree, as the second person, that an incident is lowered"),
                            ("reveal_named", "See who is named in an incident"),
                            ("exchange_incident", "Read incidents by the API (systems)"),
                            ("report_incident", "Report incidents by the API (systems)"),
                            ("export_incident", "Take incidents out as a file for other systems"),
                        ],
                        "default_permissions": ("view",),
                        "indexes": [
                            models.Index(fields=["-opened_at", "-id"], name="incident_newest"),
                            models.Index(fields=["status", "-opened_at", "-id"], name="incident_by_status"),
                            models.Index(fields=["level", "-opened_at", "-id"], name="incident_by_level"),
                            models.Index(fields=["facility", "-opened_at", "-id"], name="incident_by_facility"),
                            models.Index(fields=["division", "-opened_at", "-id"], name="incident_by_division"),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["due_at", "id"],
                                name="incident_due",
                            ),
                            models.Index(
                                condition=models.Q(("assignee__isnull", False)),
                                fields=["assignee", "-opened_at", "-id"],
                                name="incident_by_assignee",
                            ),
                            models.Index(
                                condition=models.Q(("submitted_at__isnull", False)),
                                fields=["submitted_at"],
                                name="incident_by_sending",
                            ),
                            models.Index(fields=["updated_at", "id"], name="incident_changed"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "dropped"]),
                                    ("detected_at__gte", models.F("occurred_at")),
                                    _connector="OR",
                                ),
                                name="incident_noticed_after_it_happened",
                                violation_error_message="It cannot be noticed before it happened.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "dropped"]),
                                    models.Q(models.Q(("harm", ""), _negated=True), ("submitted_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="incident_sent_is_classified",
                                violation_error_message="A report that was sent has a harm letter.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "dropped"]),
                                    models.Q(("harm__in", ["G", "H", "I"]), _negated=True),
                                    ("is_named", True),
                                    _connector="OR",
                                ),
                                name="incident_mandatory_carries_a_name",
                                violation_error_message="A mandatory report carries its reporter's name (Article 5).",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "dropped"]),
                                    ("serious_item", None),
                                    ("harm__in", ["G", "H", "I"]),
                                    _connector="OR",
                                ),
                                name="incident_serious_is_severe",
                                violation_error_message="The serious list holds for letters G, H and I.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="ab5ad7410d57017040c3805902a4be0ee86f4014",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_60b35",
                                    table="incidents_incident",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="6ebb95dba1ccb9cfed744b8e16ea1968fb2db110",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_a64cb",
                                    table="incidents_incident",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Addendum",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addenda",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "addendum",
                        "verbose_name_plural": "addenda",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="e536ca1af7d88fdabe3ce8b7bbf00b23fc98e9d7",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_3082e",
                                    table="incidents_addendum",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="9e22d4349f8d62a33d09d0fe4d3041667e6fb3ec",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_54811",
                                    table="incidents_addendum",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Named",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.BinaryField(verbose_name="under seal")),
                        ("key_id", models.CharField(editable=False, max_length=16, verbose_name="key")),
                        ("place", models.CharField(editable=False, max_length=40, unique=True)),
                        (
                            "who",
                            models.CharField(
                                choices=[("patient", "patient"), ("reporter", "reporter and witnesses")],
                                max_length=8,
                                verbose_name="who",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="named",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person named in an incident",
                        "verbose_name_plural": "people named in incidents",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["key_id", "id"], name="incidents_named_by_key")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="9988c6e82f25aa35c99fb3f613c3c732903874f2",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_4c67d",
                                    table="incidents_named",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="6dcc5bd65d8f1d10a72f1a71f2d03e662dec9e72",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_a336c",
                                    table="incidents_named",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaperGiven",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("phone_report", "Call to department and ministry (very serious)"),
                                    ("quick_report", "Quick report of the department to the ministry"),
                                    ("analyse", "Root-cause analysis of the expert group (Annex IV)"),
                                ],
                                max_length=16,
                                verbose_name="what was given",
                            ),
                        ),
                        ("given_at", models.DateTimeField(verbose_name="given")),
                        ("said", models.CharField(max_length=200, verbose_name="to whom, or number of the document")),
                        ("at", models.DateTimeField(verbose_name="recorded")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "report given elsewhere",
                        "verbose_name_plural": "reports given elsewhere",
                        "ordering": ["given_at", "id"],
                        "default_permissions": (),
                        "constraints": [models.UniqueConstraint(fields=("incident", "what"), name="paper_given_once")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="fb936cd02981e7ef2685d66d4eebadb5dfaf70d6",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_00985",
                                    table="incidents_papergiven",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="9b52d7ec9cf0f67ea1c7f665ccc996ae109ef831",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_71962",
                                    table="incidents_papergiven",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reclassification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("before", models.JSONField(verbose_name="before")),
                        ("after", models.JSONField(verbose_name="after")),
                        ("is_lower", models.BooleanField(verbose_name="lowers")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="answered")),
                        ("is_agreed", models.BooleanField(null=True, verbose_name="agreed")),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="second person",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reclassifications",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "change of classification",
                        "verbose_name_plural": "changes of classification",
                        "ordering": ["asked_at", "id"],
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="lowering_has_second_person",
                                violation_error_message="Whoever asks cannot answer.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_by", None), ("is_agreed", True), ("is_lower", False)),
                                    models.Q(
                                        ("decided_at", None),
                                        ("decided_by", None),
                                        ("is_agreed", None),
                                        ("is_lower", True),
                                    ),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("is_agreed__isnull", False),
                                        ("is_lower", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="lowering_agreed_by_somebody",
                                violation_error_message="Raising holds at once; lowering waits until somebody answers.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_agreed", None)),
                                fields=("incident",),
                                name="one_lowering_waits_at_a_time",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="efa64d5953feea57da5dd83fd3c785ae29a1a00e",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_80957",
                                    table="incidents_reclassification",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="59710ed5ee67ebdba528a99bc3ee0b1711f91e24",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_8465b",
                                    table="incidents_reclassification",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Analysis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "being written"),
                                    ("submitted", "sent to the department"),
                                    ("returned", "returned to the facility"),
                                    ("accepted", "accepted"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("details", models.TextField(blank=True, verbose_name="detailed description")),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="types",
                            ),
                        ),
                        ("treatment", models.TextField(blank=True, verbose_name="treatment and orders carried out")),
                        (
                            "causes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="causes",
                            ),
                        ),
                        ("corrective", models.TextField(blank=True, verbose_name="corrective action")),
                        ("advice", models.TextField(blank=True, verbose_name="proposed recommendation for prevention")),
                        ("timeline", models.JSONField(blank=True, default=list, verbose_name="time line")),
                        ("whys", models.JSONField(blank=True, default=list, verbose_name="why, again and again")),
                        (
                            "factors",
                            models.JSONField(blank=True, default=dict, verbose_name="how each cause contributed"),
                        ),
                        ("root_cause", models.TextField(blank=True, verbose_name="root cause")),
                        ("findings", models.TextField(blank=True, verbose_name="findings of the expert group")),
                        (
                            "discussed",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="discussed with the reporter",
                            ),
                        ),
                        (
                            "conforms",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="in line with official recommendations",
                            ),
                        ),
                        ("guidance", models.TextField(blank=True, verbose_name="which recommendation")),
                        (
                            "impacts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="effects on the organisation",
                            ),
                        ),
                        (
                            "impact_other",
                            models.CharField(blank=True, max_length=200, verbose_name="other effect, namely"),
                        ),
                        ("experts", models.JSONField(blank=True, default=list, verbose_name="expert group")),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                        (
                            "incident",
                            models.OneToOneField(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="analysis",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "incident analysis",
                        "verbose_name_plural": "incident analyses",
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft"]), ("submitted_at__isnull", False), _connector="OR"
                                ),
                                name="analysis_sent_says_since_when",
                                violation_error_message="An analysis that was sent says when.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="c120945493b62a141c6047f0eae4dcaf7d04dc0e",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_19517",
                                    table="incidents_analysis",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="c241411f69e170b274ebd5da333dbf55bcb75ad1",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_6b106",
                                    table="incidents_analysis",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAnalysis",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "being written"),
                                    ("submitted", "sent to the department"),
                                    ("returned", "returned to the facility"),
                                    ("accepted", "accepted"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("details", models.TextField(blank=True, verbose_name="detailed description")),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="types",
                            ),
                        ),
                        ("treatment", models.TextField(blank=True, verbose_name="treatment and orders carried out")),
                        (
                            "causes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="causes",
                            ),
                        ),
                        ("corrective", models.TextField(blank=True, verbose_name="corrective action")),
                        ("advice", models.TextField(blank=True, verbose_name="proposed recommendation for prevention")),
                        ("timeline", models.JSONField(blank=True, default=list, verbose_name="time line")),
                        ("whys", models.JSONField(blank=True, default=list, verbose_name="why, again and again")),
                        (
                            "factors",
                            models.JSONField(blank=True, default=dict, verbose_name="how each cause contributed"),
                        ),
                        ("root_cause", models.TextField(blank=True, verbose_name="root cause")),
                        ("findings", models.TextField(blank=True, verbose_name="findings of the expert group")),
                        (
                            "discussed",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="discussed with the reporter",
                            ),
                        ),
                        (
                            "conforms",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "yes"), ("no", "no"), ("unrecorded", "not recorded")],
                                max_length=10,
                                verbose_name="in line with official recommendations",
                            ),
                        ),
                        ("guidance", models.TextField(blank=True, verbose_name="which recommendation")),
                        (
                            "impacts",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="effects on the organisation",
                            ),
                        ),
                        (
                            "impact_other",
                            models.CharField(blank=True, max_length=200, verbose_name="other effect, namely"),
                        ),
                        ("experts", models.JSONField(blank=True, default=list, verbose_name="expert group")),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("submitted_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical incident analysis",
                        "verbose_name_plural": "historical incident analyses",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="dd020ace83e09cf02df6b26cfc4d89748eeaada6",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_637a9",
                                    table="incidents_historicalanalysis",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="2ebd7e8b70c153535cd864004c8bd3c689179c1d",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_51c03",
                                    table="incidents_historicalanalysis",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Remark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("a1", "A.I Detailed description and time line"),
                                    ("a2", "A.II Type of incident"),
                                    ("a3", "A.III Treatment and orders carried out"),
                                    ("a4", "A.IV Causes, and the way to the root cause"),
                                    ("a5", "A.V Corrective action"),
                                    ("a6", "A.VI Recommendation for prevention"),
                                    ("b1", "B.I Assessment of the head of the expert group"),
                                    ("b2", "B.II Degree of harm and effects"),
                                    ("group", "Expert group and signatures"),
                                ],
                                max_length=10,
                                verbose_name="part of the form",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="remark")),
                        ("version", models.PositiveIntegerField(verbose_name="about version")),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "analysis",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="remarks",
                                to="incidents.analysis",
                                verbose_name="analysis",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "remark on an analysis",
                        "verbose_name_plural": "remarks on analyses",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="53e226d6570d003ca61e27beec377037a4e37bdc",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_64560",
                                    table="incidents_remark",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="23d6b664f01fa7c234b932eac5ba695d1fb0a1b0",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_8835b",
                                    table="incidents_remark",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WeeklySummary",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(editable=False, max_length=60, unique=True, verbose_name="reference"),
                        ),
                        ("monday", models.DateField(verbose_name="week from")),
                        ("figures", models.JSONField(verbose_name="figures")),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        ("seen_at", models.DateTimeField(null=True, verbose_name="seen")),
                        ("direction", models.TextField(blank=True, verbose_name="what the head directs")),
                        (
                            "facility",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "seen_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="seen by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "weekly summary of incidents",
                        "verbose_name_plural": "weekly summaries of incidents",
                        "ordering": ["-monday", "-id"],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["-monday", "-id"], name="summary_newest")],
                        "constraints": [
                            models.UniqueConstraint(fields=("facility", "monday"), name="one_summary_a_week"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("seen_at", None), ("seen_by", None)),
                                    models.Q(("seen_at__gte", models.F("made_at")), ("seen_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="summary_is_seen_by_somebody",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="675bc561771a67e593850b56d6a429a8d8a72927",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_180b7",
                                    table="incidents_weeklysummary",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="86ea540c4a7c85c5baaa0c47a096a092eb0bf111",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_342ed",
                                    table="incidents_weeklysummary",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Action",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(editable=False, max_length=20, unique=True, verbose_name="reference"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "to be done"),
                                    ("done", "reported as done"),
                                    ("verified", "verified"),
                                    ("effective", "effective"),
                                    ("reopened", "review reopened"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("since", models.DateTimeField(editable=False, verbose_name="in this state since")),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("S1", "Change of building or work place"),
                                    ("S2", "New or uniform equipment, tried out with its users"),
                                    ("S3", "Technical barrier: the wrong step becomes impossible"),
                                    ("S4", "Simpler process: needless steps are taken out"),
                                    ("S5", "Leadership takes part itself"),
                                    ("M1", "More staff or less load"),
                                    ("M2", "Software that helps or warns"),
                                    ("M3", "Fewer interruptions"),
                                    ("M4", "Checklist or aid to memory"),
                                    ("M5", "Look-alikes and sound-alikes apart"),
                                    ("M6", "Fixed hand-over and read-back"),
                                    ("M7", "Training by simulation with repetition"),
                                    ("W1", "Double check by people"),
                                    ("W2", "Warning or label"),
                                    ("W3", "New rule, procedure or notice"),
                                    ("W4", "Training or instruction"),
                                ],
                                max_length=2,
                                verbose_name="kind of action",
                            ),
                        ),
                        (
                            "strength",
                            models.GeneratedField(
                                db_persist=True,
                                expression=models.Case(
                                    models.When(kind__startswith="S", then=models.Value("strong")),
                                    models.When(kind__startswith="M", then=models.Value("intermediate")),
                                    models.When(kind__startswith="W", then=models.Value("weak")),
                                    default=models.Value(""),
                                ),
                                output_field=models.CharField(
                                    choices=[("strong", "strong"), ("intermediate", "intermediate"), ("weak", "weak")],
                                    max_length=12,
                                    verbose_name="strength",
                                ),
                            ),
                        ),
                        ("details", models.TextField(blank=True, verbose_name="how, step by step")),
                        (
                            "causes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="causes it removes",
                            ),
                        ),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="only in incidents of",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="to be done by")),
                        ("measure", models.TextField(blank=True, verbose_name="how its effect will be measured")),
                        ("check_on", models.DateField(blank=True, null=True, verbose_name="check of the effect on")),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("done_at", models.DateTimeField(editable=False, null=True, verbose_name="done")),
                        ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="due")),
                        (
                            "division",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reported by",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="actions",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "corrective action",
                        "verbose_name_plural": "corrective actions of facilities",
                        "ordering": ["-opened_at", "-id"],
                        "permissions": [("verify_action", "Verify actions and check their effect")],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["-opened_at", "-id"], name="action_newest"),
                            models.Index(fields=["status", "-opened_at", "-id"], name="action_by_status"),
                            models.Index(fields=["facility", "-opened_at", "-id"], name="action_by_facility"),
                            models.Index(fields=["division", "-opened_at", "-id"], name="action_by_division"),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["due_at", "id"],
                                name="action_due",
                            ),
                            models.Index(
                                condition=models.Q(("status", "effective")),
                                fields=["facility"],
                                name="action_effective",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["open", "withdrawn"]),
                                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="action_done_says_when_and_by_whom",
                                violation_error_message="An action that was done says when and by whom.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["open", "withdrawn"]), ("causes__len__gt", 0), _connector="OR"
                                ),
                                name="action_removes_a_cause",
                                violation_error_message="An action names the causes that it removes.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="4d020935274efc2819260d3505bfae8329b225f4",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_6aac2",
                                    table="incidents_action",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="f6eab0f62bd0d67494cb938c091afa741e9c5f0b",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_f500d",
                                    table="incidents_action",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConcessionAsked",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("weaker", "a weaker or a later action"),
                                    ("withdrawal", "withdrawing the action"),
                                ],
                                max_length=10,
                                verbose_name="what",
                            ),
                        ),
                        ("before", models.JSONField(default=dict, verbose_name="before")),
                        ("after", models.JSONField(default=dict, verbose_name="after")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="answered")),
                        ("is_agreed", models.BooleanField(null=True, verbose_name="agreed")),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="concessions",
                                to="incidents.action",
                                verbose_name="action",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="second person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "concession for an action",
                        "verbose_name_plural": "concessions for actions",
                        "ordering": ["asked_at", "id"],
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="concession_has_second_person",
                                violation_error_message="Whoever asks cannot answer.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decided_by", None), ("is_agreed", None)),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("is_agreed__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="concession_answered_by_somebody",
                                violation_error_message="An answer says who, when and what.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_agreed", None)),
                                fields=("action",),
                                name="one_concession_waits_at_a_time",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="50baea81c4b24bbf45df80a921d67f847dd236bb",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_d4d95",
                                    table="incidents_concessionasked",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="41f05576305921872a4e3cd5f5abbe6a5437aee5",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e23e5",
                                    table="incidents_concessionasked",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EffectCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("checked_on", models.DateField(verbose_name="checked on")),
                        ("found", models.TextField(verbose_name="what was measured")),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("effective", "effective"),
                                    ("not_effective", "not effective"),
                                    ("too_early", "too early to say"),
                                ],
                                max_length=14,
                                verbose_name="result",
                            ),
                        ),
                        ("next_on", models.DateField(null=True, verbose_name="next check on")),
                        ("at", models.DateTimeField(verbose_name="recorded")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="incidents.action",
                                verbose_name="action",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "check of an effect",
                        "verbose_name_plural": "checks of effects",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("next_on__isnull", False), ("result", "too_early")),
                                    models.Q(models.Q(("result", "too_early"), _negated=True), ("next_on", None)),
                                    _connector="OR",
                                ),
                                name="effect_too_early_says_when_next",
                                violation_error_message="Too early to say: name the day of the next check.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="93a2ff705a35f1ddaa0c9724883916af65d06d46",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_739a6",
                                    table="incidents_effectcheck",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="d98a65a80468d6ad214b51d6e90fa984959605bf",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_4b4dd",
                                    table="incidents_effectcheck",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token", models.CharField(editable=False, max_length=32, unique=True)),
                        (
                            "file",
                            models.FileField(
                                max_length=200, upload_to=incidents.models.action.evidence_path, verbose_name="file"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("extension", models.CharField(max_length=6)),
                        ("content_type", models.CharField(max_length=80, verbose_name="type")),
                        ("size", models.PositiveIntegerField(verbose_name="bytes")),
                        ("sha256", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="incidents.action",
                                verbose_name="action",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "progress",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="incidents.progress",
                                verbose_name="progress",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "evidence of an action",
                        "verbose_name_plural": "evidence of actions",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="a3d2f5569c3bc8b44a6a0d632eba18239f7196bb",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_937ae",
                                    table="incidents_evidence",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="cbf6442641c15932359d18bcdb9033c5cb7b7168",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_bbe4a",
                                    table="incidents_evidence",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAction",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("reference", models.CharField(editable=False, max_length=20, verbose_name="reference")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "to be done"),
                                    ("done", "reported as done"),
                                    ("verified", "verified"),
                                    ("effective", "effective"),
                                    ("reopened", "review reopened"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("since", models.DateTimeField(editable=False, verbose_name="in this state since")),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("title", models.CharField(max_length=200, verbose_name="what is to be done")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("S1", "Change of building or work place"),
                                    ("S2", "New or uniform equipment, tried out with its users"),
                                    ("S3", "Technical barrier: the wrong step becomes impossible"),
                                    ("S4", "Simpler process: needless steps are taken out"),
                                    ("S5", "Leadership takes part itself"),
                                    ("M1", "More staff or less load"),
                                    ("M2", "Software that helps or warns"),
                                    ("M3", "Fewer interruptions"),
                                    ("M4", "Checklist or aid to memory"),
                                    ("M5", "Look-alikes and sound-alikes apart"),
                                    ("M6", "Fixed hand-over and read-back"),
                                    ("M7", "Training by simulation with repetition"),
                                    ("W1", "Double check by people"),
                                    ("W2", "Warning or label"),
                                    ("W3", "New rule, procedure or notice"),
                                    ("W4", "Training or instruction"),
                                ],
                                max_length=2,
                                verbose_name="kind of action",
                            ),
                        ),
                        ("details", models.TextField(blank=True, verbose_name="how, step by step")),
                        (
                            "causes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="causes it removes",
                            ),
                        ),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=8),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="only in incidents of",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="to be done by")),
                        ("measure", models.TextField(blank=True, verbose_name="how its effect will be measured")),
                        ("check_on", models.DateField(blank=True, null=True, verbose_name="check of the effect on")),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("done_at", models.DateTimeField(editable=False, null=True, verbose_name="done")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reported by",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="owner",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical corrective action",
                        "verbose_name_plural": "historical corrective actions of facilities",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f79f20cfacd49f296cb2ac33c684b14c57774526",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_b94db",
                                    table="incidents_historicalaction",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="55319771bb262252511a34fa12902931d772df10",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_65613",
                                    table="incidents_historicalaction",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="NamedRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("verify", "Call back to verify"),
                                    ("invite", "Invite to work with us"),
                                    ("reply", "Reply to the reporter"),
                                    ("protect", "Protect the reporter"),
                                    ("other", "Another purpose (say it in the reason)"),
                                ],
                                max_length=10,
                                verbose_name="purpose",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="answered")),
                        ("is_agreed", models.BooleanField(null=True, verbose_name="agreed")),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("expires_at", models.DateTimeField(verbose_name="ends")),
                        (
                            "asked_by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="named_requests",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "request to see who reported an incident",
                        "verbose_name_plural": "requests to see who reported incidents",
                        "permissions": [
                            ("approve_named", "Agree, as the second person, to a look at who reported voluntarily")
                        ],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["incident", "asked_by", "-id"], name="named_request_latest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="named_request_has_second_person",
                                violation_error_message="Whoever asks cannot answer.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decided_by", None), ("is_agreed", None)),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        ("is_agreed__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="named_request_answered_by_somebody",
                                violation_error_message="An answer says who, when and what.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("is_agreed", True), _negated=True),
                                    (
                                        "expires_at__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("decided_at"), "+", models.Value(datetime.timedelta(seconds=3600))
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="named_request_ends_within_the_hour",
                                violation_error_message="An approval lasts an hour at most.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="cb744cf1ab4be4880bdf9cdde34f55a4ab91a749",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_9cba0",
                                    table="incidents_namedrequest",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="83657cab4ba573dda2b52cb4bc4c957736353142",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_be743",
                                    table="incidents_namedrequest",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Progress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "action",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="progress",
                                to="incidents.action",
                                verbose_name="action",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "progress of an action",
                        "verbose_name_plural": "progress of actions",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="9d5bbc3d76b80b1c6740b165e550fc7d62f3e451",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_f4994",
                                    table="incidents_progress",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="d3aa05df52ca3ce7ec6dc6b1e9ac0831341d5b9c",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_b5780",
                                    table="incidents_progress",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalReturn",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("half_year", "Half-yearly synthesis of a facility"),
                                    ("quarter", "Quarterly letter of the department"),
                                ],
                                editable=False,
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(editable=False, verbose_name="year")),
                        ("part", models.PositiveSmallIntegerField(editable=False, verbose_name="half-year or quarter")),
                        ("ended_at", models.DateTimeField(editable=False, verbose_name="end of the period")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "to be handed in"),
                                    ("signed", "signed and closed"),
                                    ("correcting", "being corrected"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("why", models.TextField(blank=True, editable=False, verbose_name="why it is corrected")),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("signed_at", models.DateTimeField(editable=False, null=True, verbose_name="first signed")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical incident return",
                        "verbose_name_plural": "historical incident returns",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="9285b077677718f7ac74470386d3ba783cae0d05",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_26112",
                                    table="incidents_historicalreturn",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="2c6412516fc0af1b195fb2c1a3f70f651eea8c4e",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_3fe09",
                                    table="incidents_historicalreturn",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Return",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("half_year", "Half-yearly synthesis of a facility"),
                                    ("quarter", "Quarterly letter of the department"),
                                ],
                                editable=False,
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(editable=False, verbose_name="year")),
                        ("part", models.PositiveSmallIntegerField(editable=False, verbose_name="half-year or quarter")),
                        ("ended_at", models.DateTimeField(editable=False, verbose_name="end of the period")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "to be handed in"),
                                    ("signed", "signed and closed"),
                                    ("correcting", "being corrected"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("why", models.TextField(blank=True, editable=False, verbose_name="why it is corrected")),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        ("signed_at", models.DateTimeField(editable=False, null=True, verbose_name="first signed")),
                        ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="due")),
                        (
                            "division",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "incident return",
                        "verbose_name_plural": "incident returns",
                        "ordering": ["-ended_at", "-id"],
                        "permissions": [
                            ("write_return", "Write the half-yearly synthesis of one's facility"),
                            ("sign_return", "Sign the half-yearly synthesis of one's facility"),
                            ("write_letter", "Write the department's quarterly letter"),
                            ("sign_letter", "Sign the department's quarterly letter"),
                        ],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(fields=["-ended_at", "-id"], name="return_newest"),
                            models.Index(fields=["facility", "-ended_at", "-id"], name="return_by_facility"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kind", "facility", "year", "part"),
                                name="return_once_a_period",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("facility__isnull", False), ("kind", "half_year"), ("part__in", [1, 2])),
                                    models.Q(
                                        ("facility__isnull", True), ("kind", "quarter"), ("part__in", [1, 2, 3, 4])
                                    ),
                                    _connector="OR",
                                ),
                                name="return_of_a_facility_or_of_the_department",
                                violation_error_message="A synthesis belongs to a facility, the letter to the department.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["open"]), ("signed_at__isnull", False), _connector="XOR"
                                ),
                                name="return_signed_says_since_when",
                                violation_error_message="What was signed says when; what was not says nothing.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="6d6a2cddc814a770b523c599436a97d18e4dcb23",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_048a1",
                                    table="incidents_return",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="9bcbce979647282d520fef3d88bc0de1a293288c",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_6ac25",
                                    table="incidents_return",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnEdition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="edition")),
                        ("as_of", models.DateTimeField(verbose_name="as of")),
                        ("content", models.JSONField(verbose_name="figures and words")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("reason", models.TextField(blank=True, verbose_name="why it was corrected")),
                        ("signer", models.CharField(max_length=200, verbose_name="name of the signer")),
                        (
                            "capacity",
                            models.CharField(
                                choices=[("head", "head of the unit"), ("by_order", "by order of the head")],
                                max_length=10,
                                verbose_name="signed as",
                            ),
                        ),
                        ("signed_at", models.DateTimeField(verbose_name="signed")),
                        (
                            "about",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="editions",
                                to="incidents.return",
                                verbose_name="return",
                            ),
                        ),
                        (
                            "former",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="next",
                                to="incidents.returnedition",
                                verbose_name="replaces",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="signed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "signed return",
                        "verbose_name_plural": "signed returns",
                        "ordering": ["number"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(fields=("about", "number"), name="return_edition_numbers"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("former", None), ("number", 1), ("reason", "")),
                                    models.Q(
                                        ("former__isnull", False),
                                        ("number__gt", 1),
                                        models.Q(("reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="return_edition_names_the_former",
                                violation_error_message="A correction says what it replaces and why.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="5238f8e5fe01cae73ec94a1f8673560a426c82b0",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_d7ec1",
                                    table="incidents_returnedition",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="6274e33a9b711077c43525b6eabcfe01653dd89c",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_0fb36",
                                    table="incidents_returnedition",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[("xlsx", "XLSX"), ("docx", "DOCX")], max_length=4, verbose_name="form"
                            ),
                        ),
                        ("content", models.BinaryField(verbose_name="content")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        (
                            "edition",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="incidents.returnedition",
                                verbose_name="signed return",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of a signed return",
                        "verbose_name_plural": "files of signed returns",
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(fields=("edition", "form"), name="return_file_of_each_form")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="784d366612f847c1bd5815b4a8490d0c80f51c1f",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_21c72",
                                    table="incidents_returnfile",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="ae4229d8e6bff6e78e44bf3409628414edbd518c",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e47fd",
                                    table="incidents_returnfile",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "findings",
                            models.TextField(blank=True, verbose_name="results of root-cause analyses, in words"),
                        ),
                        (
                            "solutions",
                            models.TextField(
                                blank=True, verbose_name="solutions and recommendations, proposed and carried out"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "about",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="text",
                                to="incidents.return",
                                verbose_name="return",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "text of a return",
                        "verbose_name_plural": "texts of returns",
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="f0b6010d092ec956f002c029d3924f691b9fce4a",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_3909c",
                                    table="incidents_returntext",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="890ae3a70876ffefa0874be987905b09885db53b",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_0f4cf",
                                    table="incidents_returntext",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Alert",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(editable=False, max_length=20, unique=True, verbose_name="reference"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("alert", "alert"), ("advice", "recommendation")],
                                default="advice",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "being written"),
                                    ("waiting", "waits to be published"),
                                    ("published", "published"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "edition",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="edition"),
                        ),
                        ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                        ("body", models.TextField(blank=True, verbose_name="what happened, without names")),
                        ("advice", models.TextField(blank=True, verbose_name="what facilities are to do")),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("BVDK", "general hospital"),
                                        ("BVCK", "specialised hospital"),
                                        ("BVYHCT", "traditional medicine hospital"),
                                        ("BVRHM", "dental hospital"),
                                        ("BX", "infirmary of the armed forces"),
                                        ("NHS", "maternity home"),
                                        ("PKDK", "polyclinic"),
                                        ("PKCK", "specialist clinic"),
                                        ("PKLCK", "multi-specialty clinic"),
                                        ("PKBSYK", "physician's clinic"),
                                        ("PKYS", "assistant doctor's clinic"),
                                        ("PKYHCT", "traditional medicine clinic"),
                                        ("PKRHM", "dental clinic"),
                                        ("PKDD", "nutrition clinic"),
                                        ("PCT", "traditional medicine treatment room"),
                                        ("TYT", "commune health station"),
                                        ("CC115", "pre-hospital emergency service"),
                                        ("BSGD", "family medicine practice"),
                                        ("CLS", "laboratory or imaging service"),
                                        ("DV", "nursing, midwifery, prosthetics, optics or other service"),
                                        ("TTYT", "medical centre"),
                                        ("CDC", "centre for disease control"),
                                        ("KN", "drug and food testing centre"),
                                        ("GDYK", "medical assessment centre"),
                                        ("PY", "forensic medicine centre"),
                                        ("TTCC", "115 emergency centre"),
                                        ("NT", "pharmacy"),
                                        ("MP", "cosmetics business"),
                                        ("TBYT", "medical device business"),
                                        ("TM_KHONGPHEP", "unlicensed or beauty establishment"),
                                    ],
                                    max_length=14,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="kinds of facility",
                            ),
                        ),
                        (
                            "classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("special", "special class"),
                                        ("1", "class I"),
                                        ("2", "class II"),
                                        ("3", "class III"),
                                        ("4", "class IV"),
                                    ],
                                    max_length=8,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="hospital classes",
                            ),
                        ),
                        (
                            "areas",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="wards and communes",
                            ),
                        ),
                        (
                            "facilities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="single facilities",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        (
                            "published_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="first published"),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="handed over by",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "alert or recommendation",
                        "verbose_name_plural": "alerts and recommendations",
                        "ordering": ["-opened_at", "-id"],
                        "permissions": [
                            ("write_alert", "Write alerts and recommendations"),
                            ("publish_alert", "Publish and withdraw, as the second person, alerts and recommendations"),
                        ],
                        "default_permissions": ("view",),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "published"), _negated=True),
                                    models.Q(("edition__gt", 0), ("published_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="alert_published_has_an_edition",
                                violation_error_message="What is published has an edition.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="77e6a53242059dd211cfdc9a315bf0f95c4aa30a",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_0b129",
                                    table="incidents_alert",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="6b9b133dc1aacac0bce0becd8662d958d9cdaf8c",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_c8889",
                                    table="incidents_alert",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlertEdition",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="edition")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("body", models.TextField(verbose_name="what happened, without names")),
                        ("advice", models.TextField(verbose_name="what facilities are to do")),
                        ("published_at", models.DateTimeField(verbose_name="published")),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "alert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="editions",
                                to="incidents.alert",
                                verbose_name="alert",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="handed over by",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "edition of an alert",
                        "verbose_name_plural": "editions of alerts",
                        "ordering": ["number"],
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(fields=("alert", "number"), name="alert_edition_once"),
                            models.CheckConstraint(
                                condition=models.Q(("published_by", models.F("asked_by")), _negated=True),
                                name="alert_published_by_a_second_person",
                                violation_error_message="Whoever wrote it cannot publish it.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="7f2d4ae77cb9de17f7ef05ae9281f593300415af",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_ce7bd",
                                    table="incidents_alertedition",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="7632f05d81ab5c626d9c0dcff7bc42a9e35e11b7",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_14326",
                                    table="incidents_alertedition",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AlertReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("unread", "not read yet"),
                                    ("read", "read"),
                                    ("applied", "applied"),
                                    ("not_applicable", "does not apply"),
                                ],
                                default="unread",
                                editable=False,
                                max_length=14,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "edition_read",
                            models.PositiveSmallIntegerField(
                                default=0, editable=False, verbose_name="edition that was read"
                            ),
                        ),
                        ("read_at", models.DateTimeField(editable=False, null=True, verbose_name="read")),
                        (
                            "answer",
                            models.TextField(
                                blank=True, editable=False, verbose_name="what was done, or why it does not apply"
                            ),
                        ),
                        ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="answered")),
                        ("due_at", models.DateTimeField(editable=False, null=True, verbose_name="due")),
                        (
                            "alert",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipts",
                                to="incidents.alert",
                                verbose_name="alert",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "receipt of an alert",
                        "verbose_name_plural": "receipts of alerts",
                        "ordering": ["-id"],
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["facility", "-id"], name="receipt_by_facility")],
                        "constraints": [
                            models.UniqueConstraint(fields=("alert", "facility"), name="one_receipt_for_each_facility"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["applied", "not_applicable"]), _negated=True),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_at__isnull", False),
                                        ("answered_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="receipt_answer_says_what_and_who",
                                violation_error_message="Say what was done, or why it does not apply.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="ff8e8a0f1a79c61bdfa568263396504a6a058c57",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_bfd6f",
                                    table="incidents_alertreceipt",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="986b9c2e7e922da2d3ba8773f0f24bb751353bab",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_e61ae",
                                    table="incidents_alertreceipt",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalAlert",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("reference", models.CharField(editable=False, max_length=20, verbose_name="reference")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("alert", "alert"), ("advice", "recommendation")],
                                default="advice",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "being written"),
                                    ("waiting", "waits to be published"),
                                    ("published", "published"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "edition",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="edition"),
                        ),
                        ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                        ("body", models.TextField(blank=True, verbose_name="what happened, without names")),
                        ("advice", models.TextField(blank=True, verbose_name="what facilities are to do")),
                        (
                            "types",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("BVDK", "general hospital"),
                                        ("BVCK", "specialised hospital"),
                                        ("BVYHCT", "traditional medicine hospital"),
                                        ("BVRHM", "dental hospital"),
                                        ("BX", "infirmary of the armed forces"),
                                        ("NHS", "maternity home"),
                                        ("PKDK", "polyclinic"),
                                        ("PKCK", "specialist clinic"),
                                        ("PKLCK", "multi-specialty clinic"),
                                        ("PKBSYK", "physician's clinic"),
                                        ("PKYS", "assistant doctor's clinic"),
                                        ("PKYHCT", "traditional medicine clinic"),
                                        ("PKRHM", "dental clinic"),
                                        ("PKDD", "nutrition clinic"),
                                        ("PCT", "traditional medicine treatment room"),
                                        ("TYT", "commune health station"),
                                        ("CC115", "pre-hospital emergency service"),
                                        ("BSGD", "family medicine practice"),
                                        ("CLS", "laboratory or imaging service"),
                                        ("DV", "nursing, midwifery, prosthetics, optics or other service"),
                                        ("TTYT", "medical centre"),
                                        ("CDC", "centre for disease control"),
                                        ("KN", "drug and food testing centre"),
                                        ("GDYK", "medical assessment centre"),
                                        ("PY", "forensic medicine centre"),
                                        ("TTCC", "115 emergency centre"),
                                        ("NT", "pharmacy"),
                                        ("MP", "cosmetics business"),
                                        ("TBYT", "medical device business"),
                                        ("TM_KHONGPHEP", "unlicensed or beauty establishment"),
                                    ],
                                    max_length=14,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="kinds of facility",
                            ),
                        ),
                        (
                            "classes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("special", "special class"),
                                        ("1", "class I"),
                                        ("2", "class II"),
                                        ("3", "class III"),
                                        ("4", "class IV"),
                                    ],
                                    max_length=8,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="hospital classes",
                            ),
                        ),
                        (
                            "areas",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="wards and communes",
                            ),
                        ),
                        (
                            "facilities",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="single facilities",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(editable=False, verbose_name="opened")),
                        (
                            "published_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="first published"),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="handed over by",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="opened by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical alert or recommendation",
                        "verbose_name_plural": "historical alerts and recommendations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="6ed981215641fe0bc8001a77a91a7377607c998c",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a386b",
                                    table="incidents_historicalalert",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="85103f57da5b16e4380a302623ea74b346f55fa6",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_50928",
                                    table="incidents_historicalalert",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAlertReceipt",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("unread", "not read yet"),
                                    ("read", "read"),
                                    ("applied", "applied"),
                                    ("not_applicable", "does not apply"),
                                ],
                                default="unread",
                                editable=False,
                                max_length=14,
                                verbose_name="status",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "edition_read",
                            models.PositiveSmallIntegerField(
                                default=0, editable=False, verbose_name="edition that was read"
                            ),
                        ),
                        ("read_at", models.DateTimeField(editable=False, null=True, verbose_name="read")),
                        (
                            "answer",
                            models.TextField(
                                blank=True, editable=False, verbose_name="what was done, or why it does not apply"
                            ),
                        ),
                        ("answered_at", models.DateTimeField(editable=False, null=True, verbose_name="answered")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "alert",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="incidents.alert",
                                verbose_name="alert",
                            ),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical receipt of an alert",
                        "verbose_name_plural": "historical receipts of alerts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="69c41151fb41b9a76d5d6ff3cb694d991d8c025d",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_def43",
                                    table="incidents_historicalalertreceipt",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="b15a9e63368b25d9b77f01df8d9fd90bac3ea3f6",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_a9029",
                                    table="incidents_historicalalertreceipt",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="StaffReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source_id", models.CharField(max_length=64, unique=True, verbose_name="number of the form")),
                        ("fingerprint", models.CharField(max_length=64, verbose_name="mark of the content")),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        ("looked_at", models.DateTimeField(null=True, verbose_name="first looked at")),
                        ("fed_back_at", models.DateTimeField(null=True, verbose_name="first feedback to the reporter")),
                        (
                            "incident",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff_report",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                        (
                            "looked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="looked at by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "report from staff",
                        "verbose_name_plural": "reports from staff",
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("looked_at", None)), fields=["incident"], name="staff_report_unseen"
                            ),
                            models.Index(
                                condition=models.Q(("fed_back_at", None)), fields=["incident"], name="staff_report_owed"
                            ),
                            models.Index(fields=["received_at"], name="staff_report_by_moment"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("looked_at", None), ("looked_by", None)),
                                    models.Q(("looked_at__isnull", False), ("looked_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="staff_report_looked_at_by_somebody",
                                violation_error_message="Whoever looked at it is written down with the moment.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("looked_at", None), ("looked_at__gte", models.F("received_at")), _connector="OR"
                                ),
                                name="staff_report_looked_at_after_receipt",
                                violation_error_message="It cannot be looked at before it arrived.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="e6bb46a44856dec2eeb3b0f073c47cc6df150545",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_95c0a",
                                    table="incidents_staffreport",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="4e48b27e79f9d8a47034f367357e6a0ff33e03f8",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_5a389",
                                    table="incidents_staffreport",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StaffReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("locator", models.CharField(max_length=9, unique=True, verbose_name="locator")),
                        ("salt", models.BinaryField(max_length=16)),
                        ("verifier_hash", models.BinaryField(max_length=32)),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        (
                            "report",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="receipt",
                                to="incidents.staffreport",
                                verbose_name="report from staff",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "receipt of a report from staff",
                        "verbose_name_plural": "receipts of reports from staff",
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="32ce8257858214ac327a6367e276fa1bef6ed8be",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_cd9eb",
                                    table="incidents_staffreceipt",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="dd4912cbf672f22f16a71f613e26a87fe28d3524",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_8d65d",
                                    table="incidents_staffreceipt",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Talk",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "side",
                            models.CharField(
                                choices=[("facility", "the facility"), ("department", "the department")],
                                max_length=10,
                                verbose_name="conversation with",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("question", "question"),
                                    ("feedback", "feedback"),
                                    ("answer", "from the reporter"),
                                ],
                                max_length=8,
                                verbose_name="what it is",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="at")),
                        ("text", models.TextField(verbose_name="text")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "incident",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="talk",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "message with a reporter",
                        "verbose_name_plural": "messages with reporters",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("by", None), ("what", "answer")),
                                    models.Q(models.Q(("what", "answer"), _negated=True), ("by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="talk_reporter_is_nobody_known",
                                violation_error_message="The reporter is not named here; everybody else is.",
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="ea0796e37b6615bbcb318b235359deb2e6306535",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_df473",
                                    table="incidents_talk",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="091abeff9ad73f633197e08b222f9334414aba01",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_39d08",
                                    table="incidents_talk",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSignal",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("kind", models.CharField(max_length=8, verbose_name="type of incident")),
                        ("week", models.DateField(verbose_name="week in which it was seen")),
                        ("since", models.DateField(verbose_name="week in which it began")),
                        ("observed", models.PositiveIntegerField(verbose_name="reports")),
                        ("expected", models.FloatField(verbose_name="expected")),
                        ("statistic", models.FloatField(verbose_name="statistic of the rule")),
                        ("threshold", models.FloatField(verbose_name="threshold of the rule")),
                        ("figures", models.JSONField(default=dict, verbose_name="figures")),
                        ("found_at", models.DateTimeField(verbose_name="found")),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("open", "not looked at yet"),
                                    ("looking", "being looked into"),
                                    ("real", "real: more harm"),
                                    ("reporting", "more is reported: a good sign"),
                                    ("chance", "chance"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="what people make of it",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical signal",
                        "verbose_name_plural": "historical signals",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="757ef3606ef4a83310eb1e6ed01ef31708ea2602",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_557ac",
                                    table="incidents_historicalsignal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="6c8e53ce81541135329acd2c0a3cb2046ed4e0f2",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_25714",
                                    table="incidents_historicalsignal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Signal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=8, verbose_name="type of incident")),
                        ("week", models.DateField(verbose_name="week in which it was seen")),
                        ("since", models.DateField(verbose_name="week in which it began")),
                        ("observed", models.PositiveIntegerField(verbose_name="reports")),
                        ("expected", models.FloatField(verbose_name="expected")),
                        ("statistic", models.FloatField(verbose_name="statistic of the rule")),
                        ("threshold", models.FloatField(verbose_name="threshold of the rule")),
                        ("figures", models.JSONField(default=dict, verbose_name="figures")),
                        ("found_at", models.DateTimeField(verbose_name="found")),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("open", "not looked at yet"),
                                    ("looking", "being looked into"),
                                    ("real", "real: more harm"),
                                    ("reporting", "more is reported: a good sign"),
                                    ("chance", "chance"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="what people make of it",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                        (
                            "division",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "signal",
                        "verbose_name_plural": "signals",
                        "ordering": ["-week", "-id"],
                        "permissions": [("judge_signal", "Say what a signal means")],
                        "default_permissions": ("view",),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("facility", "kind", "week"), name="signal_found_once", nulls_distinct=False
                            )
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="9be4bc3ec09fa2960c47320148e3ef05b3f9996f",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_3e492",
                                    table="incidents_signal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="f2ea43db5ab35f98368918c769568e0cc42293ff",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_fe5b5",
                                    table="incidents_signal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceiptFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token", models.CharField(editable=False, max_length=32, unique=True)),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("extension", models.CharField(max_length=6)),
                        ("content_type", models.CharField(max_length=80, verbose_name="type")),
                        ("size", models.PositiveIntegerField(verbose_name="bytes")),
                        ("sha256", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(verbose_name="at")),
                        (
                            "file",
                            models.FileField(
                                max_length=200, upload_to=incidents.models.alerts.receipt_file_path, verbose_name="file"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="files",
                                to="incidents.alertreceipt",
                                verbose_name="receipt",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "evidence of what was done about an alert",
                        "verbose_name_plural": "evidence of what was done about alerts",
                        "ordering": ["at", "id"],
                        "default_permissions": (),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="6c999f8e6e7dd7a0402ac3abdb0984b75a3722db",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_9ffac",
                                    table="incidents_receiptfile",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="5b3602ab18696b59f65d9d8db750c9e0749e9940",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_9c970",
                                    table="incidents_receiptfile",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SystemReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40, verbose_name="system")),
                        ("source_id", models.CharField(max_length=100, verbose_name="number at the system")),
                        ("fingerprint", models.CharField(max_length=64, verbose_name="mark of the content")),
                        ("received_at", models.DateTimeField(verbose_name="received")),
                        ("answer", models.JSONField(verbose_name="what it was answered")),
                        (
                            "incident",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="system_report",
                                to="incidents.incident",
                                verbose_name="incident",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "report from a system",
                        "verbose_name_plural": "reports from systems",
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "source_id"), name="system_report_once")
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="efc4e1b8aed5ebcd82dae99cb5728bbd06cebb74",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_294b2",
                                    table="incidents_systemreport",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="42ecbed28458041f09309dccafa36114a01e5f45",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_41ac7",
                                    table="incidents_systemreport",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE incidents_incident_reference AS bigint START 1",
            reverse_sql="DROP SEQUENCE incidents_incident_reference",
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE incidents_action_reference AS bigint START 1",
            reverse_sql="DROP SEQUENCE incidents_action_reference",
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE incidents_alert_reference AS bigint START 1",
            reverse_sql="DROP SEQUENCE incidents_alert_reference",
        ),
    ]
