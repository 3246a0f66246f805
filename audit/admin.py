from django.contrib import admin

from audit.models import Entry
from common.admin import ReadOnlyAdmin


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """The log, newest first; readable by auditors, writable by nobody."""

    list_display = ["at", "by", "act", "about_type", "about_id", "purpose", "reason"]
    list_filter = ["act", "purpose"]
    list_select_related = ["by"]
