"""A kind of message for roles and accounts."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_outbox_and_inbox"),
    ]

    operations = [
        migrations.AlterField(
            model_name="preference",
            name="muted",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("work", "New work and the next step of a case"),
                        ("reporter", "The reporter wrote again or is not satisfied"),
                        ("reminder", "A deadline comes near"),
                        ("late", "A deadline has passed, and reports to the lead and the director"),
                        ("identity", "Requests to see who reported a confidential case"),
                        ("rights", "Roles and accounts: what waits for a second person, and changes of my account"),
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
    ]
