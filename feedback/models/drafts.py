"""What an operator has typed and not saved yet: a caller's number and story, so under seal, and for a shift at most."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Own, VisibleRows
from common.models import Sealed

KEPT_FOR = timedelta(hours=12)


class DraftQuerySet(VisibleRows["Draft"]):
    def over(self, at: datetime) -> "DraftQuerySet":
        """Older than a shift: shown to nobody, and soon gone."""
        return self.filter(saved_at__lte=at - KEPT_FOR)


class Draft(Sealed):
    """The call that one operator is typing. `form_key` is the key of its form, under which it becomes a case once."""

    named_by = "owner_id"
    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("operator"), editable=False
    )
    form_key = models.CharField(_("key of the form"), max_length=32, editable=False)
    saved_at = models.DateTimeField(_("saved"), db_index=True, editable=False)
    access = Own("owner")
    objects = DraftQuerySet.as_manager()

    class Meta(Sealed.Meta):
        verbose_name = _("draft of a call")
        verbose_name_plural = _("drafts of calls")
        default_permissions = ()

    def __str__(self) -> str:
        return f"#{self.pk}"

    def is_over(self, at: datetime) -> bool:
        """Older than a shift."""
        return self.saved_at <= at - KEPT_FOR
