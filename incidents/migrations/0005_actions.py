import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import incidents.models.action


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_history"),
        ("incidents", "0004_weekly_summaries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(editable=False, max_length=20, unique=True, verbose_name="reference")),
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
            ],
            options={
                "verbose_name": "corrective action",
                "verbose_name_plural": "corrective actions of facilities",
                "ordering": ["-opened_at", "-id"],
                "permissions": [("verify_action", "Verify actions and check their effect")],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ConcessionAsked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("weaker", "a weaker or a later action"), ("withdrawal", "withdrawing the action")],
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
            ],
            options={
                "verbose_name": "concession for an action",
                "verbose_name_plural": "concessions for actions",
                "ordering": ["asked_at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="EffectCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "verbose_name": "check of an effect",
                "verbose_name_plural": "checks of effects",
                "ordering": ["at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "verbose_name": "evidence of an action",
                "verbose_name_plural": "evidence of actions",
                "ordering": ["at", "id"],
                "default_permissions": (),
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
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical corrective action",
                "verbose_name_plural": "historical corrective actions of facilities",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="NamedRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "verbose_name": "request to see who reported an incident",
                "verbose_name_plural": "requests to see who reported incidents",
                "permissions": [
                    ("approve_named", "Agree, as the second person, to a look at who reported voluntarily")
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("text", models.TextField(verbose_name="text")),
            ],
            options={
                "verbose_name": "progress of an action",
                "verbose_name_plural": "progress of actions",
                "ordering": ["at", "id"],
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="historicalincident",
            name="assignee",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="incident",
            name="assignee",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="officer",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("assignee__isnull", False)),
                fields=["assignee", "-opened_at", "-id"],
                name="incident_by_assignee",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="division",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facilities.division",
                verbose_name="division",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="done_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reported by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="facility",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facilities.facility",
                verbose_name="facility",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="incident",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="incidents.incident",
                verbose_name="incident",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="opened_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="opened by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="concessionasked",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="concessions",
                to="incidents.action",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="concessionasked",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="concessionasked",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="second person",
            ),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="checks",
                to="incidents.action",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="effectcheck",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="incidents.action",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="historicalaction",
            name="division",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="historicalaction",
            name="done_by",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="historicalaction",
            name="facility",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="historicalaction",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicalaction",
            name="incident",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="historicalaction",
            name="opened_by",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="historicalaction",
            name="owner",
            field=models.ForeignKey(
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
        migrations.AddField(
            model_name="namedrequest",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="namedrequest",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="namedrequest",
            name="incident",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="named_requests",
                to="incidents.incident",
                verbose_name="incident",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="action",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="progress",
                to="incidents.action",
                verbose_name="action",
            ),
        ),
        migrations.AddField(
            model_name="progress",
            name="by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="progress",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="files",
                to="incidents.progress",
                verbose_name="progress",
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["-opened_at", "-id"], name="action_newest"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["status", "-opened_at", "-id"], name="action_by_status"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["facility", "-opened_at", "-id"], name="action_by_facility"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["division", "-opened_at", "-id"], name="action_by_division"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at", "id"], name="action_due"
            ),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(
                condition=models.Q(("status", "effective")), fields=["facility"], name="action_effective"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["open", "withdrawn"]),
                    models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                    _connector="OR",
                ),
                name="action_done_says_when_and_by_whom",
                violation_error_message="An action that was done says when and by whom.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "withdrawn"]), ("causes__len__gt", 0), _connector="OR"),
                name="action_removes_a_cause",
                violation_error_message="An action names the causes that it removes.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        migrations.AddConstraint(
            model_name="concessionasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="concession_has_second_person",
                violation_error_message="Whoever asks cannot answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concessionasked",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_agreed", None)),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by__isnull", False), ("is_agreed__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="concession_answered_by_somebody",
                violation_error_message="An answer says who, when and what.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concessionasked",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_agreed", None)), fields=("action",), name="one_concession_waits_at_a_time"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="concessionasked",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="concessionasked",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        migrations.AddConstraint(
            model_name="effectcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("next_on__isnull", False), ("result", "too_early")),
                    models.Q(models.Q(("result", "too_early"), _negated=True), ("next_on", None)),
                    _connector="OR",
                ),
                name="effect_too_early_says_when_next",
                violation_error_message="Too early to say: name the day of the next check.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="effectcheck",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="effectcheck",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalaction",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="historicalaction",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        migrations.AddIndex(
            model_name="namedrequest",
            index=models.Index(fields=["incident", "asked_by", "-id"], name="named_request_latest"),
        ),
        migrations.AddConstraint(
            model_name="namedrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None), models.Q(("decided_by", models.F("asked_by")), _negated=True), _connector="OR"
                ),
                name="named_request_has_second_person",
                violation_error_message="Whoever asks cannot answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="namedrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("is_agreed", None)),
                    models.Q(
                        ("decided_at__isnull", False), ("decided_by__isnull", False), ("is_agreed__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="named_request_answered_by_somebody",
                violation_error_message="An answer says who, when and what.",
            ),
        ),
        migrations.AddConstraint(
            model_name="namedrequest",
            constraint=models.CheckConstraint(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="namedrequest",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="namedrequest",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="progress",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="progress",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidence",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        migrations.RunSQL(
            sql="CREATE SEQUENCE incidents_action_reference AS bigint START 1",
            reverse_sql="DROP SEQUENCE incidents_action_reference",
        ),
    ]
