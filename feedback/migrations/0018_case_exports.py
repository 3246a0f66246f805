"""The right to take the list out as a file."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0017_open_cases_by_person"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="case",
            options={
                "default_permissions": ("view", "change"),
                "ordering": ["-received_at", "-id"],
                "permissions": [
                    ("view_every_case", "See every ordinary case"),
                    ("view_confidential_case", "See confidential cases"),
                    ("view_division_case", "See the cases of one's division"),
                    ("view_facility_case", "See the cases sent to one's facility"),
                    ("view_recorded_case", "See the cases one recorded"),
                    ("record_case", "Record a case"),
                    ("screen_case", "Set a case aside as out of scope"),
                    ("triage_case", "Classify, assign, forward, merge and transfer cases"),
                    ("handle_case", "Examine a case for one's division"),
                    ("answer_case", "Answer for one's facility"),
                    ("check_case", "Check answers and return them"),
                    ("confirm_case", "Confirm a checked answer"),
                    ("reply_case", "Reply to the reporter"),
                    ("publish_case", "Publish a result"),
                    ("close_case", "Close a case"),
                    ("reopen_case", "Send a closed case to review"),
                    ("note_case", "Write notes"),
                    ("reveal_reporter", "See the reporter's contact data"),
                    ("lead_working_group", "Lead of the working group: receives escalations"),
                    ("direct_department", "Directs the department: receives the last escalation"),
                    ("send_intake", "Send feedback through the API"),
                    ("export_case", "Take the list of cases out as a file"),
                    ("read_api", "Read cases through the API"),
                ],
                "verbose_name": "case",
                "verbose_name_plural": "cases",
            },
        ),
    ]
