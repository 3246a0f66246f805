"""Where a message leads."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from notifications.models import Message


def link_of(message: Message) -> str:
    """The path of what a message is about: its own, else the console page of its record, else the inbox."""
    if message.url:
        return message.url
    about = message.about_type
    if about is not None and message.about_id:
        try:
            return reverse(f"admin:{about.app_label}_{about.model}_change", args=[message.about_id])
        except NoReverseMatch:
            pass
    return reverse("admin:notifications_inboxitem_changelist")


def full_link_of(message: Message) -> str:
    """The same with this system's address, for what leaves it."""
    return f"{settings.BASE_URL}{link_of(message)}"
