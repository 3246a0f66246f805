"""The systems that call the API."""

from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User

SOON = timedelta(days=30)  # a system that stops working within it is told of


class ApiClientQuerySet(models.QuerySet["ApiClient"]):
    def ending(self, at: datetime) -> "ApiClientQuerySet":
        """Those that work now and stop within a month: by their own day, or with their last token."""
        today = timezone.localdate(at)
        by_day = Q(expires_on__gt=today, expires_on__lte=today + SOON)
        by_token = Q(last_token__gt=at, last_token__lte=at + SOON) & (Q(expires_on=None) | Q(expires_on__gt=today))
        return self.alias(last_token=Max("user__auth_token_set__expiry")).filter(by_day | by_token)


class ApiClient(models.Model):
    """A system that calls the API: what it may do and until when. It comes with tokens of its own account.

    `accounts.clients` says what it may do; the account is the same for ever."""

    user = models.OneToOneField(User, models.PROTECT, related_name="api_client", verbose_name=_("account"))
    name = models.CharField(_("system"), max_length=120)
    contact = models.CharField(_("who answers for it"), max_length=200, blank=True)
    may_read = models.BooleanField(_("may read"), default=False)
    may_send = models.BooleanField(_("may send feedback"), default=False)
    channel_code = models.CharField(_("channel of what it sends"), max_length=20, blank=True)
    facilities = models.ManyToManyField(
        "facilities.Facility",
        blank=True,
        related_name="+",
        verbose_name=_("only these facilities"),
        help_text=_("Empty: every facility."),
    )
    expires_on = models.DateField(_("expires"), null=True, blank=True)  # the first day its tokens no longer work
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        triggers = [pgtrigger.ReadOnly(name="same_account", fields=["user"])]

    def __str__(self) -> str:
        return self.name
