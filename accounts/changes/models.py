"""What waits for a second person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.people import GrantState, User
from common.keeping import KEPT
from common.models import Dated


class Change(models.TextChoices):
    """What an administrator asks for."""

    FACTOR = "factor", _("reset of the second step")
    EMAIL = "email", _("another e-mail address")
    UNIT = "unit", _("membership of a unit")
    TOKEN = "token", _("token of a system")
    CLIENT = "client", _("what a system may do")


class AccountChange(Dated):
    """A change of somebody's account: who asked and why, and who agreed. Done when it is agreed to; never deleted.

    `accounts.changes.services` asks and answers. The columns of what is not asked for stay empty."""

    user = models.ForeignKey(User, models.PROTECT, related_name="account_changes", verbose_name=_("person"))
    what = models.CharField(_("change"), max_length=8, choices=Change)
    email = models.EmailField(_("new e-mail address"), blank=True)
    former_email = models.EmailField(_("e-mail address before"), blank=True)  # kept when it is changed: it is told too
    division = models.ForeignKey(
        "facilities.Division", models.PROTECT, null=True, related_name="+", verbose_name=_("division")
    )
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, null=True, related_name="+", verbose_name=_("facility")
    )
    is_head = models.BooleanField(_("heads the unit"), default=False)
    may_read = models.BooleanField(_("may read"), default=False)
    may_send = models.BooleanField(_("may send feedback"), default=False)
    facility_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("only these facilities"))
    reason = models.TextField(_("reason"), blank=True)
    state = models.CharField(
        pgettext_lazy("of a role", "state"), max_length=8, choices=GrantState, default=GrantState.PENDING
    )
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("second person"))
    decided_at = models.DateTimeField(_("answered"), null=True)
    answer = models.TextField(_("answer"), blank=True)
    used_at = models.DateTimeField(_("token made"), null=True)

    class Meta(Dated.Meta):
        verbose_name = _("change of an account")
        verbose_name_plural = _("changes of accounts")
        default_permissions = ("view",)
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="change_not_of_oneself",
                condition=~Q(asked_by=F("user")),
                violation_error_message=_("Another administrator asks for a change of your own account."),
            ),
            models.CheckConstraint(
                name="change_answered_by_a_third",
                condition=Q(decided_by=None) | (~Q(decided_by=F("user")) & ~Q(decided_by=F("asked_by"))),
                violation_error_message=_("A second person answers: not who asks for it, nor whose account it is."),
            ),
            models.CheckConstraint(
                name="change_is_answered_by_somebody",
                condition=Q(state=GrantState.PENDING, decided_by=None, decided_at=None)
                | (~Q(state=GrantState.PENDING) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_message=_("A change waits, or somebody answered it."),
            ),
            models.CheckConstraint(
                name="change_says_what_it_changes",
                condition=(
                    Q(what__in=[Change.FACTOR, Change.TOKEN], email="", division=None, facility=None)
                    | (Q(what=Change.EMAIL, division=None, facility=None) & ~Q(email=""))
                    | (Q(what=Change.UNIT, email="") & (Q(division=None) ^ Q(facility=None)))
                )
                & Q(may_read=False, may_send=False, facility_ids=[])
                | Q(what=Change.CLIENT, email="", division=None, facility=None) & (Q(may_read=True) | Q(may_send=True)),
                violation_error_message=_("Choose either a division or a facility."),
            ),
            models.UniqueConstraint(
                fields=["user", "what"],
                condition=Q(state=GrantState.PENDING) & ~Q(what=Change.UNIT),
                name="change_asked_once",
                violation_error_message=_("The same change waits for an answer already."),
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="account_changes_newest")]
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"
