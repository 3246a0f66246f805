import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    # Tables of packages come first: each of their many steps renders every model that is there so far.
    dependencies = [
        ("knox", "0009_extend_authtoken_field"),
        ("mfa", "0003_authenticator_type_uniq"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "act",
                            models.CharField(
                                choices=[
                                    ("view", "viewed"),
                                    ("reveal", "identity revealed"),
                                    ("ask", "asked to see an identity"),
                                    ("approve", "look at an identity approved"),
                                    ("decline", "look at an identity declined"),
                                    ("export", "exported"),
                                    ("refused", "refused"),
                                    ("sign_in", "signed in"),
                                    ("no_sign_in", "sign-in failed"),
                                    ("sign_out", "signed out"),
                                    ("factor", "second factor changed"),
                                    ("sessions", "sessions ended"),
                                    ("role", "rights changed"),
                                    ("recused", "kept from something"),
                                    ("lifted", "recusal lifted"),
                                    ("hand_over", "work handed over"),
                                ],
                                max_length=10,
                                verbose_name="act",
                            ),
                        ),
                        ("about_type", models.CharField(blank=True, max_length=60, verbose_name="kind of record")),
                        ("about_id", models.BigIntegerField(null=True, verbose_name="record")),
                        (
                            "purpose",
                            models.CharField(
                                blank=True,
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
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("request_id", models.CharField(blank=True, max_length=64, verbose_name="request")),
                    ],
                    options={
                        "verbose_name": "audit entry",
                        "verbose_name_plural": "audit entries",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["about_type", "about_id", "-id"], name="audit_of_one_record"),
                            models.Index(fields=["-at", "-id"], name="audit_newest"),
                            models.Index(fields=["by", "-at", "-id"], name="audit_of_one_person"),
                            models.Index(fields=["act", "-at", "-id"], name="audit_of_one_kind"),
                        ],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="1b389f8260e22d0fbf38b4ff1e20214212b176ee",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_a6b88",
                                    table="audit_entry",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="90838818d83e68272bfaeb988fe82cb9d9288cc7",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_890bc",
                                    table="audit_entry",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Refusals",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("hour", models.DateTimeField(verbose_name="hour")),
                        ("count", models.PositiveIntegerField(verbose_name="how often")),
                    ],
                    options={
                        "verbose_name": "refusals of one hour",
                        "verbose_name_plural": "refusals of one hour",
                        "constraints": [models.UniqueConstraint(fields=("by", "hour"), name="refusals_counted_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
                    fields=[
                        (
                            "number",
                            models.BigIntegerField(
                                primary_key=True, serialize=False, verbose_name="place in the chain"
                            ),
                        ),
                        (
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="link",
                                to="audit.entry",
                                verbose_name="audit entry",
                            ),
                        ),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                    ],
                    options={
                        "verbose_name": "link of the audit chain",
                        "verbose_name_plural": "links of the audit chain",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="63278644e0bed375aa4b634cff6b547cf53a1b39",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_aec60",
                                    table="audit_link",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="532245f97f586e745dd1b36814bb168efbb1509d",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_96b91",
                                    table="audit_link",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.BigIntegerField(db_index=True, verbose_name="place in the chain")),
                        ("up_to", models.BigIntegerField(verbose_name="last entry")),
                        ("digest", models.CharField(max_length=64, verbose_name="digest")),
                        ("key_id", models.CharField(max_length=16, verbose_name="key")),
                        ("mark", models.CharField(max_length=64, verbose_name="mark")),
                        ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="at")),
                    ],
                    options={
                        "verbose_name": "seal of the audit chain",
                        "verbose_name_plural": "seals of the audit chain",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="425da599b8e4cf7384a383a64e17697a9d08a345",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4de12",
                                    table="audit_seal",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="b03a5cea283a47a4adddd8579ad5130cb8016780",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_29367",
                                    table="audit_seal",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Verification",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="at")),
                        ("links", models.BigIntegerField(verbose_name="entries checked")),
                        (
                            "fault",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("changed", "an entry was changed"),
                                    ("missing", "an entry is missing"),
                                    ("stray", "an entry was put in later"),
                                    ("mark", "the chain was made anew without our key"),
                                ],
                                max_length=10,
                                verbose_name="fault",
                            ),
                        ),
                        ("entry_id", models.BigIntegerField(null=True, verbose_name="first entry that is wrong")),
                        ("head", models.CharField(blank=True, max_length=64, verbose_name="last digest")),
                    ],
                    options={
                        "verbose_name": "verification of the audit log",
                        "verbose_name_plural": "verifications of the audit log",
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="bd5942b290b0d52a8b7632ae47802ccdd27e53a0",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_e2298",
                                    table="audit_verification",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="bbb3fd1d22f589ef798c544ca1772db621bd7a74",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_47b24",
                                    table="audit_verification",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
