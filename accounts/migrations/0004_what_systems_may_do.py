"""What a system may do waits for a second person; its account is the same for ever."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_tokens_take_two"),
        ("facilities", "0002_history"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="accountchange",
            name="change_says_what_it_changes",
        ),
        migrations.AddField(
            model_name="accountchange",
            name="facility_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None, verbose_name="only these facilities"
            ),
        ),
        migrations.AddField(
            model_name="accountchange",
            name="may_read",
            field=models.BooleanField(default=False, verbose_name="may read"),
        ),
        migrations.AddField(
            model_name="accountchange",
            name="may_send",
            field=models.BooleanField(default=False, verbose_name="may send feedback"),
        ),
        migrations.AlterField(
            model_name="accountchange",
            name="what",
            field=models.CharField(
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
        pgtrigger.migrations.AddTrigger(
            model_name="apiclient",
            trigger=pgtrigger.compiler.Trigger(
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
            ),
        ),
        migrations.AddConstraint(
            model_name="accountchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            models.Q(
                                ("division", None), ("email", ""), ("facility", None), ("what__in", ["factor", "token"])
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
        ),
    ]
