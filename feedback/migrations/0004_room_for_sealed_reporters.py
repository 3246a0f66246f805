from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns for what 0005 seals; 0006 drops the plain ones."""

    dependencies = [("feedback", "0003_written_once")]

    operations = [
        migrations.AddField(
            model_name="reporter",
            name="sealed",
            field=models.BinaryField(default=b"", verbose_name="under seal", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="reporter",
            name="key_id",
            field=models.CharField(default="", editable=False, max_length=16, verbose_name="key"),
            preserve_default=False,
        ),
    ]
