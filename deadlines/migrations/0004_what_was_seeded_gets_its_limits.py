"""Rows that were seeded before get what a new installation seeds: limits of standing, and days nobody announced yet."""

from django.db import migrations
from django.db.models import Q

DEPARTMENT = ("policy", "đề xuất của hệ thống, không phải quy định pháp luật")
NEVER = {
    "LD09": "Luật Khiếu nại 2011 không có quy định tạm dừng thời hạn (chưa đối chiếu Luật 136/2025/QH15)",
    "LD10": "Luật Khiếu nại 2011 không có quy định tạm dừng thời hạn (chưa đối chiếu Luật 136/2025/QH15)",
    "LD11": "Luật Khiếu nại 2011 không có quy định tạm dừng thời hạn (chưa đối chiếu Luật 136/2025/QH15)",
    "LD12": "Luật Tố cáo 2018 Điều 24 không có quy định tạm dừng (chưa xác minh)",
    "LD16": "Nghị định 356/2025/NĐ-CP, không thấy quy định tạm dừng (chưa xác minh)",
}
BY_DECISION = "Luật Tố cáo 2018 Điều 34: tạm đình chỉ bằng quyết định có nêu lý do, thời gian đó không tính"


def mark(apps, schema_editor):
    days = apps.get_model("deadlines", "CalendarDay").objects.filter(source__endswith="chưa có thông báo")
    if days.exists():  # every statement makes a new edition, even one that changes no row
        days.update(is_announced=False)
    rules = apps.get_model("deadlines", "DeadlineRule").objects
    if not rules.exists():
        return
    for code, source in NEVER.items():
        rules.filter(code=code).update(pause_times=0, pause_nature="legal", pause_source=source)
    rules.filter(code="LD13").update(pause_nature="legal", pause_source=BY_DECISION)
    seeded = ~Q(origin_code="") | Q(code__startswith="DEFAULT.")
    others = rules.filter(seeded).exclude(code__in=[*NEVER, "LD13"])
    others.update(pause_days=30, pause_times=3, pause_nature=DEPARTMENT[0], pause_source=DEPARTMENT[1])


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0003_limits_of_standing_and_announced_days")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
