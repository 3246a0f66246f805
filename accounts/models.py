"""People, where they belong and from when until when, and the systems that call the API."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractUser, Permission, UserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.scope import Client, Recused, Scope, recused_of, scope_of
from common.models import Dated, valid_on


class Language(models.TextChoices):
    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class PersonQuerySet(models.QuerySet["User"]):
    def with_permission(self, permission: str) -> "PersonQuerySet":
        """Active people whom a group or a grant of their own gives `app_label.codename`; superusers do not count:
        they administer the system, they do not receive its work."""
        app_label, codename = permission.split(".")
        granted = {"codename": codename, "content_type__app_label": app_label}
        by_group = Q(groups__permissions__in=models.Subquery(_permission_ids(granted)))
        directly = Q(user_permissions__in=models.Subquery(_permission_ids(granted)))
        return self.filter(by_group | directly, is_active=True, is_superuser=False).distinct()


def _permission_ids(granted: dict[str, str]) -> Any:
    return Permission.objects.filter(**granted).values("pk")


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Django's user manager with our questions."""


class User(AbstractUser):
    """A person, or a system that calls the API, who signs in under a name of its own."""

    display_name = models.CharField(_("full name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.VIETNAMESE)
    is_engine = models.BooleanField(
        _("is the system itself"),
        default=False,
        editable=False,
        help_text=_("The one account in whose name the system acts: escalations, imports."),
    )
    objects: ClassVar[PersonManager] = PersonManager()
    client: Client | None = None  # set by token authentication: the system that this request comes from

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["is_engine"], condition=Q(is_engine=True), name="one_engine_account")
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return str(self)

    @cached_property
    def scope(self) -> Scope:
        """The divisions and facilities this person belongs to today; one query, kept for this object's life."""
        return scope_of(self, timezone.localdate())

    @cached_property
    def recused(self) -> Recused:
        """What this person is kept from today; one query, kept for this object's life."""
        return recused_of(self, timezone.localdate())

    @property
    def recused_facilities(self) -> frozenset[int]:
        """Facilities this person is kept from. A deny: it beats every allow, a superuser's too."""
        return self.recused.facilities

    @property
    def recused_cases(self) -> frozenset[int]:
        """Cases this person is named in. A deny: it beats every allow, a superuser's too."""
        return self.recused.cases

    @cached_property
    def client_facilities(self) -> frozenset[int]:
        """The facilities an API client is limited to; empty for people and for clients without a limit."""
        client = ApiClient.objects.filter(user=self).first()
        return frozenset(client.facilities.values_list("pk", flat=True)) if client else frozenset()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid_on(self, day: Any) -> "MembershipQuerySet":
        return self.filter(valid_on(day))


class Membership(Dated):
    """A person belongs to a division of the department or to a facility, from one day until another."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("person"))
    division = models.ForeignKey(
        "facilities.Division",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("division"),
    )
    facility = models.ForeignKey(
        "facilities.Facility",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("facility"),
    )
    is_head = models.BooleanField(_("heads the unit"), default=False)
    objects = MembershipQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="membership_in_one_unit",
                condition=Q(division=None) ^ Q(facility=None),
                violation_error_message=_("Choose either a division or a facility."),
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "user"], name="members_of_facility"),
            models.Index(fields=["division", "user"], name="members_of_division"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.division_id or self.facility_id}"


class Recusal(Dated):
    """A person is kept from everything of one facility: worked there, or is related to somebody who does.

    Ended by its last day, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recusals", verbose_name=_("person"))
    facility = models.ForeignKey(
        "facilities.Facility", models.PROTECT, related_name="+", verbose_name=_("kept from this facility")
    )
    reason = models.TextField(_("reason"))
    recorded_by = models.ForeignKey(
        User, models.PROTECT, editable=False, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta(Dated.Meta):
        verbose_name = _("recusal from a facility")
        verbose_name_plural = _("recusals from facilities")
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.user_id} {self.facility_id}"


pgtrigger.register(pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete))(
    Recusal.history.model
)


class ApiClient(models.Model):
    """A system that calls the API: what it may do and until when. It signs in with tokens of its own account."""

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

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")

    def __str__(self) -> str:
        return self.name


from accounts.signin.models import Attempt as Attempt  # noqa: E402 - models of this app, in the room of signing in
from accounts.signin.models import Session as Session  # noqa: E402
