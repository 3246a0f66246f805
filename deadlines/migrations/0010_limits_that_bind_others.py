"""Limits of portal 1022 that bind its operator or the city's office, not the department: kept with their source, not in
use. Rows that people annotated since stay as they are."""

from django.db import migrations

OPERATOR = "Chưa dùng: hạn này ràng buộc tổng đài 1022, trước khi phản ánh đến Sở Y tế."
OFFICE = "Chưa dùng: hạn này ràng buộc Văn phòng Ủy ban nhân dân, không ràng buộc Sở Y tế."
NOTES = {"P1022.FORWARD": OPERATOR, "P1022.CLARIFY": OPERATOR, "P1022.RETRANSFER": OFFICE}


def put_aside(apps, schema_editor):
    rules = apps.get_model("deadlines", "DeadlineRule").objects
    if not rules.exists():  # every statement makes a new edition, even one that changes no row
        return
    for code, note in NOTES.items():
        rules.filter(code=code, note="").update(is_in_use=False, note=note)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0009_dates_each_year_and_events")]
    operations = [migrations.RunPython(put_aside, migrations.RunPython.noop)]
