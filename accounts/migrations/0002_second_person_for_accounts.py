"""Changes of accounts that wait for a second person."""

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_people_and_rights"),
        ("facilities", "0001_registry"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("factor", "reset of the second step"),
                            ("email", "another e-mail address"),
                            ("unit", "membership of a unit"),
                        ],
                        max_length=8,
                        verbose_name="change",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="new e-mail address")),
                ("is_head", models.BooleanField(default=False, verbose_name="heads the unit")),
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
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="answered")),
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
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
                            models.Q(("division", None), ("email", ""), ("facility", None), ("what", "factor")),
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
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountchange",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountchange",
            trigger=pgtrigger.compiler.Trigger(
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
        ),
    ]
