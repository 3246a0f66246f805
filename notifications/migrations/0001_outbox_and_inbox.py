import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="InboxItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(editable=False, max_length=120, verbose_name="key")),
                        (
                            "recipient",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="to",
                            ),
                        ),
                        ("template", models.CharField(editable=False, max_length=60, verbose_name="text")),
                        ("params", models.JSONField(blank=True, default=dict, editable=False, verbose_name="values")),
                        (
                            "about_type",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of record",
                            ),
                        ),
                        ("about_id", models.BigIntegerField(editable=False, null=True, verbose_name="record")),
                        (
                            "url",
                            models.CharField(
                                blank=True,
                                editable=False,
                                help_text="A path of this system; empty: the console page of the record.",
                                max_length=200,
                                verbose_name="address",
                            ),
                        ),
                        ("is_urgent", models.BooleanField(default=False, editable=False, verbose_name="urgent")),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="at"),
                        ),
                        ("read_at", models.DateTimeField(editable=False, null=True, verbose_name="read")),
                        ("hidden_at", models.DateTimeField(editable=False, null=True, verbose_name="hidden")),
                    ],
                    options={
                        "verbose_name": "inbox item",
                        "verbose_name_plural": "inbox",
                        "indexes": [
                            models.Index(fields=["recipient", "-at"], name="inbox_of_one_person"),
                            models.Index(
                                condition=models.Q(("hidden_at", None), ("read_at", None)),
                                fields=["recipient"],
                                name="inbox_unread",
                            ),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("recipient", "key"), name="inbox_item_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Outbox",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(editable=False, max_length=120, verbose_name="key")),
                        (
                            "recipient",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="to",
                            ),
                        ),
                        ("template", models.CharField(editable=False, max_length=60, verbose_name="text")),
                        ("params", models.JSONField(blank=True, default=dict, editable=False, verbose_name="values")),
                        (
                            "about_type",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="contenttypes.contenttype",
                                verbose_name="kind of record",
                            ),
                        ),
                        ("about_id", models.BigIntegerField(editable=False, null=True, verbose_name="record")),
                        (
                            "url",
                            models.CharField(
                                blank=True,
                                editable=False,
                                help_text="A path of this system; empty: the console page of the record.",
                                max_length=200,
                                verbose_name="address",
                            ),
                        ),
                        ("is_urgent", models.BooleanField(default=False, editable=False, verbose_name="urgent")),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("inbox", "inbox"),
                                    ("email", "e-mail"),
                                    ("digest", "daily digest"),
                                    ("sms", "text message"),
                                    ("zalo", "Zalo"),
                                    ("webhook", "the department's messaging system"),
                                ],
                                editable=False,
                                max_length=8,
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sent", "sent"),
                                    ("dead", "given up"),
                                    ("withheld", "withheld"),
                                    ("dropped", "not to be sent any more"),
                                ],
                                default="waiting",
                                editable=False,
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="created"
                            ),
                        ),
                        (
                            "next_try_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="next try"
                            ),
                        ),
                        (
                            "attempts",
                            models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="attempts"),
                        ),
                        (
                            "locked_until",
                            models.DateTimeField(editable=False, null=True, verbose_name="held by a sender until"),
                        ),
                        ("sent_at", models.DateTimeField(editable=False, null=True, verbose_name="sent")),
                        (
                            "last_error",
                            models.CharField(blank=True, editable=False, max_length=120, verbose_name="last fault"),
                        ),
                        (
                            "digest",
                            models.ForeignKey(
                                db_index=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="notifications.outbox",
                                verbose_name="in the digest",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "message to send",
                        "verbose_name_plural": "messages to send",
                        "permissions": [("receive_dead_letters", "Is told of messages that could not be sent")],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["channel", "next_try_at"],
                                name="outbox_waiting",
                            ),
                            models.Index(
                                condition=models.Q(("state", "dead")), fields=["-created_at"], name="outbox_dead"
                            ),
                            models.Index(
                                condition=models.Q(("digest__isnull", False)),
                                fields=["digest"],
                                name="outbox_parts_of_a_digest",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("state", "waiting"), models.Q(("channel__in", ["inbox", "digest"]), _negated=True)
                                ),
                                fields=["channel", "created_at"],
                                name="outbox_age",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("key", "recipient", "channel"), name="message_sent_once"),
                            models.CheckConstraint(
                                condition=models.Q(("state", "sent"), ("sent_at", None), _connector="XOR"),
                                name="message_sent_at_iff_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Phone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sealed", models.BinaryField(verbose_name="under seal")),
                        ("key_id", models.CharField(editable=False, max_length=16, verbose_name="key")),
                        (
                            "user",
                            models.OneToOneField(
                                editable=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "telephone number for messages",
                        "verbose_name_plural": "telephone numbers for messages",
                        "abstract": False,
                        "default_permissions": (),
                        "indexes": [models.Index(fields=["key_id", "id"], name="notifications_phone_by_key")],
                    },
                ),
                migrations.CreateModel(
                    name="Preference",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notification_preference",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="person",
                            ),
                        ),
                        ("email_enabled", models.BooleanField(default=True, verbose_name="send me e-mail")),
                        (
                            "muted",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("work", "New work and the next step of a case"),
                                        ("reporter", "The reporter wrote again or is not satisfied"),
                                        ("reminder", "A deadline comes near"),
                                        ("late", "A deadline has passed, and reports to the lead and the director"),
                                        ("identity", "Requests to see who reported a confidential case"),
                                        (
                                            "rights",
                                            "Roles and accounts: what waits for a second person, and changes of my account",
                                        ),
                                        ("system", "Faults of the system, for whoever looks after it"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="not by e-mail",
                            ),
                        ),
                        (
                            "digested",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("work", "New work and the next step of a case"),
                                        ("reporter", "The reporter wrote again or is not satisfied"),
                                        ("reminder", "A deadline comes near"),
                                        ("late", "A deadline has passed, and reports to the lead and the director"),
                                        ("identity", "Requests to see who reported a confidential case"),
                                        (
                                            "rights",
                                            "Roles and accounts: what waits for a second person, and changes of my account",
                                        ),
                                        ("system", "Faults of the system, for whoever looks after it"),
                                    ],
                                    max_length=10,
                                ),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="in the daily digest",
                            ),
                        ),
                        (
                            "digest_hour",
                            models.PositiveSmallIntegerField(default=7, verbose_name="hour of the daily digest"),
                        ),
                        (
                            "also",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="also by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notification preference",
                        "verbose_name_plural": "notification preferences",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("digest_hour__lte", 23)), name="digest_at_an_hour_of_the_day"
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
