import django.contrib.auth.validators
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import accounts.models
from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("facilities", "0001_registry"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                        ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        ("display_name", models.CharField(blank=True, max_length=120, verbose_name="full name")),
                        (
                            "language",
                            models.CharField(
                                choices=[("vi", "Tiếng Việt"), ("en", "English")],
                                default="vi",
                                max_length=2,
                                verbose_name="language",
                            ),
                        ),
                        (
                            "is_engine",
                            models.BooleanField(
                                default=False,
                                editable=False,
                                help_text="The one account in whose name the system acts: escalations, imports.",
                                verbose_name="is the system itself",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "person",
                        "verbose_name_plural": "people",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_engine", True)),
                                fields=("is_engine",),
                                name="one_engine_account",
                            )
                        ],
                    },
                    managers=[
                        ("objects", accounts.models.PersonManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="ApiClient",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="api_client",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="system")),
                        ("contact", models.CharField(blank=True, max_length=200, verbose_name="who answers for it")),
                        ("may_read", models.BooleanField(default=False, verbose_name="may read")),
                        ("may_send", models.BooleanField(default=False, verbose_name="may send feedback")),
                        (
                            "channel_code",
                            models.CharField(blank=True, max_length=20, verbose_name="channel of what it sends"),
                        ),
                        ("expires_on", models.DateField(blank=True, null=True, verbose_name="expires")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                        (
                            "facilities",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Empty: every facility.",
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="only these facilities",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "API client",
                        "verbose_name_plural": "API clients",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="same_account",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    condition='WHEN (OLD."user_id" IS DISTINCT FROM (NEW."user_id"))',
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                                    hash="281c9295a941edda94f9bb3db2affe606697d266",
                                    operation="UPDATE",
                                    pgid="pgtrigger_same_account_61d64",
                                    table="accounts_apiclient",
                                    when="BEFORE",
                                ),
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("kind", models.CharField(max_length=10, verbose_name="what is counted")),
                        ("mark", models.CharField(max_length=64, verbose_name="mark")),
                        ("failures", models.PositiveIntegerField(default=0, verbose_name="failures")),
                        ("last_at", models.DateTimeField(verbose_name="last try")),
                        ("waits_until", models.DateTimeField(null=True, verbose_name="waits until")),
                    ],
                    options={
                        "verbose_name": "sign-in attempts",
                        "verbose_name_plural": "sign-in attempts",
                        "constraints": [models.UniqueConstraint(fields=("kind", "mark"), name="attempts_counted_once")],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRecusal",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("reason", models.TextField(verbose_name="reason")),
                        ("recorded_at", models.DateTimeField(blank=True, editable=False, verbose_name="recorded")),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("named", "is named in it"),
                                    ("worked", "works or worked there"),
                                    ("family", "family or close to somebody concerned"),
                                    ("other", "another ground (say it in the reason)"),
                                ],
                                default="other",
                                max_length=8,
                                verbose_name="ground",
                            ),
                        ),
                        ("lifted_at", models.DateTimeField(editable=False, null=True, verbose_name="lifted")),
                        ("lift_reason", models.TextField(blank=True, editable=False, verbose_name="why it was lifted")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="kept from this facility",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
                            ),
                        ),
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
                    ],
                    options={
                        "verbose_name": "historical recusal from a facility",
                        "verbose_name_plural": "historical recusals from facilities",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="d776b5971d10423c72b27afdb27edf72c7c963bf",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_77613",
                                    table="accounts_historicalrecusal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="7ab7c186a79f13f8539b8061bca6256e0be34b0b",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_4c525",
                                    table="accounts_historicalrecusal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="facilities.division",
                                verbose_name="division",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        ("is_head", models.BooleanField(default=False, verbose_name="heads the unit")),
                    ],
                    options={
                        "verbose_name": "membership",
                        "verbose_name_plural": "memberships",
                        "abstract": False,
                        "indexes": [
                            models.Index(fields=["facility", "user"], name="members_of_facility"),
                            models.Index(fields=["division", "user"], name="members_of_division"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="accounts_membership_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("division", None), ("facility", None), _connector="XOR"),
                                name="membership_in_one_unit",
                                violation_error_message="Choose either a division or a facility.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recusal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recusals",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="kept from this facility",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="recorded by",
                            ),
                        ),
                        ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="recorded")),
                        (
                            "ground",
                            models.CharField(
                                choices=[
                                    ("named", "is named in it"),
                                    ("worked", "works or worked there"),
                                    ("family", "family or close to somebody concerned"),
                                    ("other", "another ground (say it in the reason)"),
                                ],
                                default="other",
                                max_length=8,
                                verbose_name="ground",
                            ),
                        ),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="lifted by",
                            ),
                        ),
                        ("lifted_at", models.DateTimeField(editable=False, null=True, verbose_name="lifted")),
                        ("lift_reason", models.TextField(blank=True, editable=False, verbose_name="why it was lifted")),
                    ],
                    options={
                        "verbose_name": "recusal from a facility",
                        "verbose_name_plural": "recusals from facilities",
                        "abstract": False,
                        "indexes": [models.Index(fields=["-recorded_at", "-id"], name="recusals_newest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="accounts_recusal_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lift_reason", ""), ("lifted_at", None), ("lifted_by", None)),
                                    models.Q(
                                        ("lifted_at__isnull", False),
                                        ("lifted_by__isnull", False),
                                        models.Q(("lift_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="facility_recusal_lifted_by_somebody_with_reason",
                                violation_error_message="A lifted recusal says who lifted it, when and why.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lifted_by", None),
                                    models.Q(
                                        models.Q(("lifted_by", models.F("user")), _negated=True),
                                        models.Q(("lifted_by", models.F("recorded_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="facility_recusal_lifted_by_another",
                                violation_error_message="A third person lifts it: not who is kept from it, nor who recorded it.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="7414d469d8fc19a6e150a07d1b3042f706ecf1c3",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_cee1b",
                                    table="accounts_recusal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="503c720d406e7ec8b4e0cc776487624be4e95e5e",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_c1466",
                                    table="accounts_recusal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoleGrant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="role_grants",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to="auth.group",
                                verbose_name="role",
                            ),
                        ),
                        ("valid_from", models.DateField(verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("reason", models.TextField(verbose_name="reason")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "waits for a second person"),
                                    ("granted", "granted"),
                                    ("declined", "declined"),
                                ],
                                default="pending",
                                editable=False,
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "takes_two",
                            models.BooleanField(default=True, editable=False, verbose_name="takes a second person"),
                        ),
                        (
                            "granted_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="given by",
                            ),
                        ),
                        (
                            "granted_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="given"
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="second person",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(editable=False, null=True, verbose_name="answered")),
                        ("answer", models.TextField(blank=True, editable=False, verbose_name="answer")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="ended by",
                            ),
                        ),
                        ("end_reason", models.TextField(blank=True, editable=False, verbose_name="why it was ended")),
                    ],
                    options={
                        "verbose_name": "role of a person",
                        "verbose_name_plural": "roles of people",
                        "permissions": [
                            ("grant_role", "Give roles to people and end them"),
                            ("approve_role", "Agree, as the second person, that somebody gets a role"),
                            ("hand_over", "Hand a leaver's work over"),
                        ],
                        "default_permissions": ("view",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "pending")), fields=["granted_at"], name="roles_that_wait"
                            ),
                            models.Index(fields=["-granted_at", "-id"], name="roles_newest"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to", None), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                                ),
                                name="role_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("granted_by", None),
                                    models.Q(("granted_by", models.F("user")), _negated=True),
                                    _connector="OR",
                                ),
                                name="role_not_given_to_oneself",
                                violation_error_message="Nobody gives a role to themselves.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(
                                        models.Q(("decided_by", models.F("user")), _negated=True),
                                        models.Q(
                                            ("granted_by", None),
                                            models.Q(("decided_by", models.F("granted_by")), _negated=True),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="role_answered_by_a_third",
                                violation_error_message="A second person answers: not who gives the role, nor who gets it.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "granted"), _negated=True),
                                    ("takes_two", False),
                                    ("granted_by", None),
                                    ("decided_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="role_for_two_has_two",
                                violation_error_message="This role takes a second person who agrees.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "pending"), _negated=True),
                                    models.Q(("decided_at", None), ("decided_by", None)),
                                    _connector="OR",
                                ),
                                name="role_pending_is_unanswered",
                                violation_error_message="A role that waits was not answered yet.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("state", "declined"), _negated=True),
                                expressions=[
                                    ("user", "="),
                                    ("group", "="),
                                    (accounts.models.DateRange("valid_from", "valid_to"), "&&"),
                                ],
                                name="role_held_once_at_a_time",
                                violation_error_message="This person holds this role in that time already.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="d972ce94036a8d3d7c1b26fb2cad95c19b02b95c",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_eb649",
                                    table="accounts_rolegrant",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="92d14374c154c2121c20943737cd68cd0cd5af1b",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_65a1a",
                                    table="accounts_rolegrant",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SeededRight",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="seeded_rights",
                                to="auth.group",
                                verbose_name="role",
                            ),
                        ),
                        ("permission", models.CharField(max_length=120, verbose_name="right")),
                    ],
                    options={
                        "verbose_name": "seeded right",
                        "verbose_name_plural": "seeded rights",
                        "default_permissions": (),
                        "constraints": [
                            models.UniqueConstraint(fields=("group", "permission"), name="right_seeded_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "session_key",
                            models.CharField(
                                max_length=40, primary_key=True, serialize=False, verbose_name="session key"
                            ),
                        ),
                        ("session_data", models.TextField(verbose_name="session data")),
                        ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="user",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AccountChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="account_changes",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("factor", "reset of the second step"),
                                    ("email", "another e-mail address"),
                                    ("unit", "membership of a unit"),
                                    ("token", "token of a system"),
                                    ("client", "what a system may do"),
                                ],
                                max_length=8,
                                verbose_name="change",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="new e-mail address")),
                        (
                            "former_email",
                            models.EmailField(blank=True, max_length=254, verbose_name="e-mail address before"),
                        ),
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
                        ("is_head", models.BooleanField(default=False, verbose_name="heads the unit")),
                        ("may_read", models.BooleanField(default=False, verbose_name="may read")),
                        ("may_send", models.BooleanField(default=False, verbose_name="may send feedback")),
                        (
                            "facility_ids",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(),
                                default=list,
                                size=None,
                                verbose_name="only these facilities",
                            ),
                        ),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("pending", "waits for a second person"),
                                    ("granted", "granted"),
                                    ("declined", "declined"),
                                ],
                                default="pending",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
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
                        ("decided_at", models.DateTimeField(null=True, verbose_name="answered")),
                        ("answer", models.TextField(blank=True, verbose_name="answer")),
                        ("used_at", models.DateTimeField(null=True, verbose_name="token made")),
                    ],
                    options={
                        "verbose_name": "change of an account",
                        "verbose_name_plural": "changes of accounts",
                        "abstract": False,
                        "default_permissions": ("view",),
                        "indexes": [models.Index(fields=["-asked_at", "-id"], name="account_changes_newest")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="accounts_accountchange_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("asked_by", models.F("user")), _negated=True),
                                name="change_not_of_oneself",
                                violation_error_message="Another administrator asks for a change of your own account.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", None),
                                    models.Q(
                                        models.Q(("decided_by", models.F("user")), _negated=True),
                                        models.Q(("decided_by", models.F("asked_by")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="change_answered_by_a_third",
                                violation_error_message="A second person answers: not who asks for it, nor whose account it is.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at", None), ("decided_by", None), ("state", "pending")),
                                    models.Q(
                                        models.Q(("state", "pending"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="change_is_answered_by_somebody",
                                violation_error_message="A change waits, or somebody answered it.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(
                                            models.Q(
                                                ("division", None),
                                                ("email", ""),
                                                ("facility", None),
                                                ("what__in", ["factor", "token"]),
                                            ),
                                            models.Q(
                                                ("division", None),
                                                ("facility", None),
                                                ("what", "email"),
                                                models.Q(("email", ""), _negated=True),
                                            ),
                                            models.Q(
                                                ("email", ""),
                                                ("what", "unit"),
                                                models.Q(("division", None), ("facility", None), _connector="XOR"),
                                            ),
                                            _connector="OR",
                                        ),
                                        ("facility_ids", []),
                                        ("may_read", False),
                                        ("may_send", False),
                                    ),
                                    models.Q(
                                        ("division", None),
                                        ("email", ""),
                                        ("facility", None),
                                        ("what", "client"),
                                        models.Q(("may_read", True), ("may_send", True), _connector="OR"),
                                    ),
                                    _connector="OR",
                                ),
                                name="change_says_what_it_changes",
                                violation_error_message="Choose either a division or a facility.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "pending"), models.Q(("what", "unit"), _negated=True)),
                                fields=("user", "what"),
                                name="change_asked_once",
                                violation_error_message="The same change waits for an answer already.",
                            ),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="kept",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                                    hash="7a3e98a00a15d0a4df9f09b4915274f0b412ecf9",
                                    operation="DELETE",
                                    pgid="pgtrigger_kept_d6e40",
                                    table="accounts_accountchange",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="4a5180538cff17931a7ef4af97a15fe1df62e1f5",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_7b4d1",
                                    table="accounts_accountchange",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
