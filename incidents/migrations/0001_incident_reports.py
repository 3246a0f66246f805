import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("facilities", "0001_registry"),
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
            ],
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE incidents_incident_reference AS bigint START 1",
            reverse_sql="DROP SEQUENCE incidents_incident_reference",
        ),
    ]
