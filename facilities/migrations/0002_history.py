# What names people: the history of the registry, and uploaded files of facilities.

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("facilities", "0001_registry"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="HistoricalDivision",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "code",
                            models.CharField(
                                db_index=True,
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[\\w.\\-/]+$", "Letters, digits, dots, dashes, slashes and underscores only."
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("short_name", models.CharField(blank=True, max_length=40, verbose_name="short name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("division", "division"),
                                    ("working_group", "working group"),
                                    ("branch", "sub-department"),
                                ],
                                default="division",
                                max_length=14,
                                verbose_name="kind",
                            ),
                        ),
                        ("duties", models.TextField(blank=True, verbose_name="what it looks after")),
                        ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                        (
                            "is_confirmed",
                            models.BooleanField(
                                default=False,
                                help_text="The name was checked against a document of the department.",
                                verbose_name="confirmed",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical division",
                        "verbose_name_plural": "historical divisions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="198b10c36a16ec8d80c46ebd652b266f051868d2",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_577ee",
                                    table="facilities_historicaldivision",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="3d8265147df6698b147d839a3bc37e82c7a8eefa",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_beec9",
                                    table="facilities_historicaldivision",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFacility",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "code",
                            models.CharField(
                                db_index=True,
                                max_length=32,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[\\w.\\-/]+$", "Letters, digits, dots, dashes, slashes and underscores only."
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "type",
                            models.CharField(
                                choices=[
                                    ("BVDK", "general hospital"),
                                    ("BVCK", "specialised hospital"),
                                    ("BVYHCT", "traditional medicine hospital"),
                                    ("BVRHM", "dental hospital"),
                                    ("BX", "infirmary of the armed forces"),
                                    ("NHS", "maternity home"),
                                    ("PKDK", "polyclinic"),
                                    ("PKCK", "specialist clinic"),
                                    ("PKLCK", "multi-specialty clinic"),
                                    ("PKBSYK", "physician's clinic"),
                                    ("PKYS", "assistant doctor's clinic"),
                                    ("PKYHCT", "traditional medicine clinic"),
                                    ("PKRHM", "dental clinic"),
                                    ("PKDD", "nutrition clinic"),
                                    ("PCT", "traditional medicine treatment room"),
                                    ("TYT", "commune health station"),
                                    ("CC115", "pre-hospital emergency service"),
                                    ("BSGD", "family medicine practice"),
                                    ("CLS", "laboratory or imaging service"),
                                    ("DV", "nursing, midwifery, prosthetics, optics or other service"),
                                    ("TTYT", "medical centre"),
                                    ("CDC", "centre for disease control"),
                                    ("KN", "drug and food testing centre"),
                                    ("GDYK", "medical assessment centre"),
                                    ("PY", "forensic medicine centre"),
                                    ("TTCC", "115 emergency centre"),
                                    ("NT", "pharmacy"),
                                    ("MP", "cosmetics business"),
                                    ("TBYT", "medical device business"),
                                    ("TM_KHONGPHEP", "unlicensed or beauty establishment"),
                                ],
                                max_length=14,
                                verbose_name="kind of facility",
                            ),
                        ),
                        (
                            "ownership",
                            models.CharField(
                                choices=[
                                    ("public", "public"),
                                    ("private", "private"),
                                    ("foreign", "foreign-invested"),
                                    ("none", "not established"),
                                ],
                                default="public",
                                max_length=8,
                                verbose_name="ownership",
                            ),
                        ),
                        (
                            "managing_body",
                            models.CharField(
                                choices=[
                                    ("DOH", "Department of Health"),
                                    ("COMMUNE_PC", "commune People's Committee"),
                                    ("MOH", "Ministry of Health"),
                                    ("MOD", "Ministry of National Defence"),
                                    ("MPS", "Ministry of Public Security"),
                                    ("MINISTRY", "another ministry or central body"),
                                    ("UNIVERSITY", "university"),
                                    ("PRIVATE", "private owner"),
                                ],
                                default="DOH",
                                max_length=12,
                                verbose_name="managing body",
                            ),
                        ),
                        (
                            "supervisor",
                            models.CharField(
                                choices=[
                                    ("DOH", "Department of Health"),
                                    ("MOH", "Ministry of Health"),
                                    ("MOD", "Ministry of National Defence"),
                                    ("MPS", "Ministry of Public Security"),
                                ],
                                default="DOH",
                                help_text="Who guides and checks its professional work; not always who manages it.",
                                max_length=12,
                                verbose_name="professional supervisor",
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=250, verbose_name="address")),
                        (
                            "former_area",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("tphcm_cu", "Ho Chi Minh City (former)"),
                                    ("binh_duong", "Binh Duong (former)"),
                                    ("ba_ria_vung_tau", "Ba Ria - Vung Tau (former)"),
                                ],
                                max_length=16,
                                verbose_name="former province",
                            ),
                        ),
                        ("licence_number", models.CharField(blank=True, max_length=60, verbose_name="licence number")),
                        (
                            "technical_level",
                            models.CharField(
                                blank=True,
                                choices=[("initial", "initial"), ("basic", "basic"), ("specialised", "specialised")],
                                max_length=12,
                                verbose_name="technical level",
                            ),
                        ),
                        (
                            "hospital_class",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("special", "special class"),
                                    ("1", "class I"),
                                    ("2", "class II"),
                                    ("3", "class III"),
                                    ("4", "class IV"),
                                ],
                                max_length=8,
                                verbose_name="hospital class",
                            ),
                        ),
                        ("scope", models.TextField(blank=True, verbose_name="licensed scope")),
                        (
                            "responsible_person",
                            models.CharField(blank=True, max_length=120, verbose_name="professionally responsible"),
                        ),
                        (
                            "takes_insurance",
                            models.BooleanField(blank=True, null=True, verbose_name="treats under health insurance"),
                        ),
                        (
                            "founded",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1800),
                                    django.core.validators.MaxValueValidator(2100),
                                ],
                                verbose_name="year founded",
                            ),
                        ),
                        (
                            "beds",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(20000)],
                                verbose_name="licensed beds",
                            ),
                        ),
                        (
                            "visits_per_year",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(50000000)],
                                verbose_name="visits per year",
                            ),
                        ),
                        ("opening_hours", models.CharField(blank=True, max_length=200, verbose_name="opening hours")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "in operation"),
                                    ("suspended", "suspended"),
                                    ("ended", "ended"),
                                    ("unlicensed", "without licence"),
                                ],
                                default="active",
                                editable=False,
                                max_length=12,
                                verbose_name="status",
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="in existence from")),
                        ("valid_to", models.DateField(blank=True, editable=False, null=True, verbose_name="ended on")),
                        (
                            "is_demo",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="invented for demonstration"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="branch of",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.area",
                                verbose_name="ward or commune",
                            ),
                        ),
                        (
                            "successor",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="taken over by",
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical facility",
                        "verbose_name_plural": "historical facilities",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="f0f1ddc24b6ca383dba1884abb14352a5568935d",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_cb008",
                                    table="facilities_historicalfacility",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="ee79832e0f42b8d600b31ffcf027a33f8f009797",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_bcae2",
                                    table="facilities_historicalfacility",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="FacilityImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200, verbose_name="file")),
                        ("content", models.BinaryField(verbose_name="content")),
                        ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                        (
                            "uploaded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="uploaded by",
                            ),
                        ),
                        ("outcomes", models.JSONField(default=list, verbose_name="outcome of each row")),
                        ("notices", models.JSONField(default=list, verbose_name="notices about the file")),
                        ("created", models.PositiveIntegerField(default=0, verbose_name="new")),
                        ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                        ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                        ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                        ("applied_at", models.DateTimeField(editable=False, null=True, verbose_name="stored")),
                        (
                            "applied_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="confirmed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of facilities",
                        "verbose_name_plural": "files of facilities",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("applied_at", None), ("applied_by", None)),
                                    models.Q(("applied_at__isnull", False), ("applied_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="facility_import_applied_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalFacilityName",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        ("name", models.CharField(max_length=200, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("official", "official name"),
                                    ("former", "former name"),
                                    ("alias", "other name people use"),
                                    ("short", "short name"),
                                ],
                                default="alias",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=250, verbose_name="note")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        (
                            "inherited_from",
                            models.ForeignKey(
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
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical name of a facility",
                        "verbose_name_plural": "historical names of facilities",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="d9756f7358fbc7dcf8ed55901f1d0257430689dc",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_439fb",
                                    table="facilities_historicalfacilityname",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="b2fe22e40dfde29ed4cee22d05a59fc73ba10f3f",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_d3240",
                                    table="facilities_historicalfacilityname",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalLicenceEvent",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "act",
                            models.CharField(
                                choices=[
                                    ("granted", "granted"),
                                    ("changed", "changed"),
                                    ("suspended", "suspended"),
                                    ("resumed", "suspension lifted"),
                                    ("revoked", "revoked"),
                                ],
                                max_length=10,
                                verbose_name="what happened",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(blank=True, max_length=60, verbose_name="licence or decision number"),
                        ),
                        ("happened_on", models.DateField(verbose_name="on")),
                        (
                            "until",
                            models.DateField(
                                blank=True,
                                help_text="For a suspension: the last day, when known.",
                                null=True,
                                verbose_name="until",
                            ),
                        ),
                        ("issuer", models.CharField(blank=True, max_length=120, verbose_name="issued by")),
                        ("reason", models.TextField(blank=True, verbose_name="reason")),
                        ("source", models.CharField(blank=True, max_length=250, verbose_name="source")),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical licence event",
                        "verbose_name_plural": "historical licence events",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="c564fd862b29a166142fca5bcf4ef4edd1b06128",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_0716f",
                                    table="facilities_historicallicenceevent",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="8d4c7272c662131cb5f595e6f09369ca926ad79c",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_9d271",
                                    table="facilities_historicallicenceevent",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalHotline",
                    fields=[
                        ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                        (
                            "number",
                            models.CharField(
                                max_length=16,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^\\+?\\d{3,15}$",
                                        "Digits only, 3 to 15 of them, for example 02838123456 or 19009095.",
                                    )
                                ],
                                verbose_name="number",
                            ),
                        ),
                        ("purpose", models.CharField(blank=True, max_length=120, verbose_name="what for")),
                        ("posted_since", models.DateField(blank=True, null=True, verbose_name="posted since")),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                help_text="Where the number was read: a page, a letter, a visit.",
                                max_length=250,
                                verbose_name="source",
                            ),
                        ),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "facility",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical hotline of a facility",
                        "verbose_name_plural": "historical hotlines of facilities",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="fb0e72b20ed4c741e5138203e0971959b5da21d2",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_34000",
                                    table="facilities_historicalhotline",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="2289f39494ccd563cc34e8a89638a152d15be607",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_15dba",
                                    table="facilities_historicalhotline",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HotlineCall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="rung")),
                        (
                            "result",
                            models.CharField(
                                choices=[
                                    ("answered", "answered"),
                                    ("unanswered", "not answered"),
                                    ("wrong", "wrong number"),
                                ],
                                max_length=10,
                                verbose_name="result",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "hotline",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="facilities.hotline",
                                verbose_name="hotline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "call to a hotline",
                        "verbose_name_plural": "calls to hotlines",
                        "ordering": ["-at", "-id"],
                        "default_permissions": ("view",),
                        "indexes": [models.Index(fields=["hotline", "-at", "-id"], name="calls_of_a_hotline")],
                        "triggers": [
                            pgtrigger.compiler.Trigger(
                                name="append_only",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                                    hash="27f65d9fbd2957a52f5dcd8c3c5f17da18d73c70",
                                    operation="UPDATE OR DELETE",
                                    pgid="pgtrigger_append_only_4053a",
                                    table="facilities_hotlinecall",
                                    when="BEFORE",
                                ),
                            ),
                            pgtrigger.compiler.Trigger(
                                name="not_emptied",
                                sql=pgtrigger.compiler.UpsertTriggerSql(
                                    func="RAISE EXCEPTION 'pgtrigger: Cannot truncate table %', TG_TABLE_NAME;",
                                    hash="0215f680204cadc58172cc9099ef01be096f0eec",
                                    level="STATEMENT",
                                    operation="TRUNCATE",
                                    pgid="pgtrigger_not_emptied_c2aeb",
                                    table="facilities_hotlinecall",
                                    when="BEFORE",
                                ),
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
