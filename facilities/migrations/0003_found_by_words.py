# The words facilities are found by get a table of their own, names of predecessors a mark.

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0002_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="FacilityWords",
            fields=[
                (
                    "facility",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found_by",
                        serialize=False,
                        to="facilities.facility",
                        verbose_name="facility",
                    ),
                ),
                ("words", models.TextField(verbose_name="words")),
                (
                    "vector",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.SearchVector("words", config="simple"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "words of a facility",
                "verbose_name_plural": "words of facilities",
            },
        ),
        migrations.RemoveIndex(
            model_name="facility",
            name="facility_by_words",
        ),
        migrations.RemoveIndex(
            model_name="facilityname",
            name="facility_name_by_core",
        ),
        migrations.RemoveField(
            model_name="facility",
            name="words",
        ),
        migrations.AddField(
            model_name="facilityname",
            name="inherited_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="facilities.facility",
                verbose_name="taken over from",
            ),
        ),
        migrations.AddField(
            model_name="historicalfacilityname",
            name="inherited_from",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="facilities.facility",
                verbose_name="taken over from",
            ),
        ),
        migrations.AddIndex(
            model_name="facilityname",
            index=django.contrib.postgres.indexes.GistIndex(
                django.contrib.postgres.indexes.OpClass("core", "gist_trgm_ops(siglen=64)"),
                name="facility_name_by_core",
            ),
        ),
        migrations.AddIndex(
            model_name="facilitywords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="facility_by_words"),
        ),
    ]
