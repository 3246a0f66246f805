# The registry: areas, divisions, facilities, their names, management, licences and hotlines. Its history follows in
# 0002, because history names the people of accounts, whose memberships name facilities.

import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from common.tables import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("common", "0001_extensions"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Area",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=10, unique=True, verbose_name="code")),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        ("full_name", models.CharField(max_length=100, verbose_name="full name")),
                        ("name_en", models.CharField(blank=True, max_length=100, verbose_name="English name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("province", "province or municipality"),
                                    ("ward", "ward"),
                                    ("commune", "commune"),
                                    ("special_zone", "special zone"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="facilities.area",
                                verbose_name="part of",
                            ),
                        ),
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
                        (
                            "folded",
                            models.CharField(editable=False, max_length=100, verbose_name="name without accents"),
                        ),
                    ],
                    options={
                        "verbose_name": "area",
                        "verbose_name_plural": "areas",
                        "ordering": ["folded", "code"],
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass("folded", "gin_trgm_ops"),
                                name="area_by_folded_name",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "province"), ("parent", None)),
                                    models.Q(models.Q(("kind", "province"), _negated=True), ("parent__isnull", False)),
                                    _connector="OR",
                                ),
                                name="area_province_iff_no_parent",
                                violation_error_message="A province is part of nothing; every other area is part of a province.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AreaAlias",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="aliases",
                                to="facilities.area",
                                verbose_name="area",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("former_province", "former province"),
                                    ("former_district", "former district or town"),
                                    ("other", "other name"),
                                ],
                                default="other",
                                max_length=16,
                                verbose_name="kind",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "folded",
                            models.CharField(editable=False, max_length=80, verbose_name="name without accents"),
                        ),
                    ],
                    options={
                        "verbose_name": "other name of an area",
                        "verbose_name_plural": "other names of areas",
                        "ordering": ["folded", "id"],
                        "indexes": [models.Index(fields=["folded"], name="area_alias_by_folded_name")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("area", "name"),
                                name="area_alias_said_once",
                                violation_error_message="This area already has this other name.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Division",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                max_length=20,
                                unique=True,
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
                        (
                            "folded",
                            models.CharField(editable=False, max_length=120, verbose_name="name without accents"),
                        ),
                    ],
                    options={
                        "verbose_name": "division",
                        "verbose_name_plural": "divisions",
                        "ordering": ["folded", "code"],
                    },
                ),
                migrations.CreateModel(
                    name="Facility",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                max_length=32,
                                unique=True,
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
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="branches",
                                to="facilities.facility",
                                verbose_name="branch of",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="facilities",
                                to="facilities.area",
                                verbose_name="ward or commune",
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
                            "successor",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="predecessors",
                                to="facilities.facility",
                                verbose_name="taken over by",
                            ),
                        ),
                        (
                            "is_demo",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="invented for demonstration"
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "folded",
                            models.CharField(editable=False, max_length=200, verbose_name="name without accents"),
                        ),
                    ],
                    options={
                        "verbose_name": "facility",
                        "verbose_name_plural": "facilities",
                        "ordering": ["folded", "id"],
                        "indexes": [
                            models.Index(fields=["folded", "id"], name="facility_by_folded_name"),
                            models.Index(fields=["type", "folded"], name="facility_by_type"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "ended"), ("valid_to__isnull", False)),
                                    models.Q(models.Q(("status", "ended"), _negated=True), ("valid_to", None)),
                                    _connector="OR",
                                ),
                                name="facility_ended_iff_end_day",
                                violation_error_message="An ended facility has the day it ended; another one has none.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="facility_days_in_order",
                                violation_error_message="A facility cannot end before it began.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("successor", None), ("status", "ended"), _connector="OR"),
                                name="facility_successor_only_when_ended",
                                violation_error_message="Only an ended facility is taken over by another.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("successor", None),
                                    models.Q(("successor", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="facility_not_its_own_successor",
                                violation_error_message="A facility cannot be taken over by itself.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("parent", None),
                                    models.Q(("parent", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="facility_not_its_own_branch",
                                violation_error_message="A facility cannot be its own branch.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="facility_has_name",
                                violation_error_message="Give the facility a name.",
                            ),
                        ],
                    },
                ),
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
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["vector"], name="facility_by_words")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FacilityName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="names",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
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
                        (
                            "inherited_from",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="taken over from",
                            ),
                        ),
                        (
                            "folded",
                            models.CharField(editable=False, max_length=200, verbose_name="name without accents"),
                        ),
                        ("key", models.CharField(editable=False, max_length=600, verbose_name="name spelt out")),
                        ("core", models.CharField(editable=False, max_length=600, verbose_name="telling words")),
                    ],
                    options={
                        "verbose_name": "name of a facility",
                        "verbose_name_plural": "names of facilities",
                        "ordering": ["kind", "-valid_from", "id"],
                        "abstract": False,
                        "indexes": [
                            django.contrib.postgres.indexes.GistIndex(
                                django.contrib.postgres.indexes.OpClass("core", "gist_trgm_ops(siglen=64)"),
                                name="facility_name_by_core",
                            ),
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.indexes.OpClass("folded", "gin_trgm_ops"),
                                name="facility_name_by_folded",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="facilities_facilityname_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "official"), ("valid_to", None)),
                                fields=("facility",),
                                name="one_current_official_name",
                                violation_error_message="A facility has one official name at a time: use “Rename”.",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind__in", ["alias", "short"])),
                                fields=("facility", "kind", "name"),
                                name="facility_name_said_once",
                                violation_error_message="This facility already has this name.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="facility_name_not_empty",
                                violation_error_message="Give a name.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Management",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                        ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until (exclusive)")),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="managements",
                                to="facilities.facility",
                                verbose_name="facility",
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
                                max_length=12,
                                verbose_name="professional supervisor",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="facilities.facility",
                                verbose_name="branch of",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=250, verbose_name="reason")),
                    ],
                    options={
                        "verbose_name": "management of a facility",
                        "verbose_name_plural": "management of facilities",
                        "ordering": [models.OrderBy(models.F("valid_from"), descending=True, nulls_last=True), "-id"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_from", None),
                                    ("valid_to", None),
                                    ("valid_from__lt", models.F("valid_to")),
                                    _connector="OR",
                                ),
                                name="facilities_management_valid_days_in_order",
                                violation_error_message="The last day must come after the first.",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                expressions=[
                                    (models.F("facility"), "="),
                                    (
                                        models.Func(
                                            models.F("valid_from"),
                                            models.F("valid_to"),
                                            models.Value("[)"),
                                            function="daterange",
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="managed_by_one_body_at_a_time",
                                violation_error_message="Another body manages the facility on some of these days.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LicenceEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="licence_events",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
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
                    ],
                    options={
                        "verbose_name": "licence event",
                        "verbose_name_plural": "licence events",
                        "ordering": ["-happened_on", "-id"],
                        "indexes": [
                            models.Index(fields=["facility", "-happened_on", "-id"], name="licence_events_of_facility")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("act", "granted"), _negated=True),
                                    models.Q(("number", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="licence_granted_with_number",
                                violation_error_message="A granted licence has a number.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("act__in", ["suspended", "revoked"]), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="licence_taken_with_reason",
                                violation_error_message="Say why the licence was suspended or revoked.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("happened_on")), _connector="OR"
                                ),
                                name="licence_days_in_order",
                                violation_error_message="The last day cannot come before the first.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hotline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="hotlines",
                                to="facilities.facility",
                                verbose_name="facility",
                            ),
                        ),
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
                    ],
                    options={
                        "verbose_name": "hotline of a facility",
                        "verbose_name_plural": "hotlines of facilities",
                        "ordering": ["-is_active", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("facility", "number"),
                                name="hotline_said_once",
                                violation_error_message="This facility already has this number.",
                            )
                        ],
                        "permissions": [("verify_hotline", "Ring posted numbers and note what they do")],
                    },
                ),
            ],
        ),
    ]
