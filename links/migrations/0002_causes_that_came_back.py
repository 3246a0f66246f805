from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("links", "0001_first_rows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="link",
            name="relation",
            field=models.CharField(
                choices=[
                    ("merged_into", "merged into"),
                    ("related", "related to"),
                    ("converted_to", "converted to"),
                    ("triggered", "gave rise to"),
                    ("recurred_as", "came back as"),
                    ("asked_for", "led to the request for"),
                ],
                max_length=14,
                verbose_name="relation",
            ),
        ),
    ]
