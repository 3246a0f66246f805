# A facility may take back a name it bore before, and leave it a second time.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0004_uploaded_files"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="facilityname",
            name="facility_name_said_once",
        ),
        migrations.AddConstraint(
            model_name="facilityname",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["alias", "short"])),
                fields=("facility", "kind", "name"),
                name="facility_name_said_once",
                violation_error_message="This facility already has this name.",
            ),
        ),
    ]
