import datetime

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0005_actions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            },
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
    ]
