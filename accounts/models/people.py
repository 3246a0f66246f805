"""People, where they belong, and the roles they hold: each from one day until another."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, Group, Permission, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.scope import Client, Recused, Scope, limits_of, recused_of, scope_of
from common.keeping import KEPT
from common.models import Dated, valid_on


class Language(models.TextChoices):
    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class PersonQuerySet(models.QuerySet["User"]):
    def with_permission(self, permission: str) -> "PersonQuerySet":
        """Active people whom a role they hold today gives `app_label.codename`; superusers do not count: they
        administer the system, they do not receive its work."""
        app_label, codename = permission.split(".")
        wanted = Permission.objects.filter(codename=codename, content_type__app_label=app_label)
        grants = RoleGrant.objects.valid_on(timezone.localdate()).filter(group__permissions__in=wanted.values("pk"))
        return self.filter(Exists(grants.filter(user=OuterRef("pk"))), is_active=True, is_superuser=False)

    def can_be_given_work(self) -> "PersonQuerySet":
        """Active people of the console who belong to a division today and tomorrow still: not whoever has left, nor
        whose last day is today."""
        today = timezone.localdate()
        stays = valid_on(today) & valid_on(today + timedelta(days=1))
        places = Membership.objects.filter(stays, user=OuterRef("pk"), division__isnull=False)
        return self.filter(Exists(places), is_active=True, is_staff=True, is_engine=False, api_client=None)

    def without_second_step(self) -> "PersonQuerySet":
        """Active people of the console who have not set up their second step."""
        return self.filter(is_active=True, is_staff=True).exclude(authenticator__type="totp")


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
    # what a person may do comes from the roles they hold today (`RoleGrant`), by `accounts.backends`, and nothing else
    groups = None  # type: ignore[assignment]
    user_permissions = None  # type: ignore[assignment]
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
        return limits_of(self)


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


class GrantState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("of a role", "waits for a second person")
    GRANTED = "granted", pgettext_lazy("of a role", "granted")
    DECLINED = "declined", pgettext_lazy("of a role", "declined")


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def valid_on(self, day: Any) -> "RoleGrantQuerySet":
        """Those that give their rights on that day."""
        return self.filter(valid_on(day), state=GrantState.GRANTED)

    def pending(self) -> "RoleGrantQuerySet":
        return self.filter(state=GrantState.PENDING)


class DateRange(Func):
    """The days from one up to another, the last one not counted."""

    function = "daterange"
    output_field = DateRangeField()


class RoleGrant(models.Model):
    """A person holds a role from one day until another; who gave it, why, and who agreed where it takes two.

    Ended, never deleted. `accounts.grants` makes, answers and ends them."""

    user = models.ForeignKey(User, models.PROTECT, related_name="role_grants", verbose_name=_("person"))
    group = models.ForeignKey(Group, models.PROTECT, related_name="grants", verbose_name=_("role"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until (exclusive)"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    state = models.CharField(
        pgettext_lazy("of a role", "state"),
        max_length=8,
        choices=GrantState,
        default=GrantState.PENDING,
        editable=False,
    )
    takes_two = models.BooleanField(_("takes a second person"), default=True, editable=False)
    granted_by = models.ForeignKey(  # nobody: the system itself, at its installation or for an API client
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("given by")
    )
    granted_at = models.DateTimeField(_("given"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("second person")
    )
    decided_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answer = models.TextField(_("answer"), blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("ended by")
    )
    end_reason = models.TextField(_("why it was ended"), blank=True, editable=False)
    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        default_permissions = ("view",)
        permissions = [
            ("grant_role", _("Give roles to people and end them")),
            ("approve_role", _("Agree, as the second person, that somebody gets a role")),
            ("hand_over", _("Hand a leaver's work over")),
        ]
        constraints = [
            models.CheckConstraint(
                name="role_days_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day must come after the first."),
            ),
            models.CheckConstraint(
                name="role_not_given_to_oneself",
                condition=Q(granted_by=None) | ~Q(granted_by=F("user")),
                violation_error_message=_("Nobody gives a role to themselves."),
            ),
            models.CheckConstraint(
                name="role_answered_by_a_third",
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("user")) & (Q(granted_by=None) | ~Q(decided_by=F("granted_by")))),
                violation_error_message=_("A second person answers: not who gives the role, nor who gets it."),
            ),
            models.CheckConstraint(
                name="role_for_two_has_two",
                condition=~Q(state=GrantState.GRANTED)
                | Q(takes_two=False)
                | Q(granted_by=None)
                | Q(decided_by__isnull=False),
                violation_error_message=_("This role takes a second person who agrees."),
            ),
            models.CheckConstraint(
                name="role_pending_is_unanswered",
                condition=~Q(state=GrantState.PENDING) | Q(decided_by=None, decided_at=None),
                violation_error_message=_("A role that waits was not answered yet."),
            ),
            ExclusionConstraint(
                name="role_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("group", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state=GrantState.DECLINED),
                violation_error_message=_("This person holds this role in that time already."),
            ),
        ]
        indexes = [
            # what lead and director are asked; holds only what waits
            models.Index(fields=["granted_at"], condition=Q(state=GrantState.PENDING), name="roles_that_wait"),
            models.Index(fields=["-granted_at", "-id"], name="roles_newest"),
        ]
        triggers = KEPT

    def __str__(self) -> str:
        return f"#{self.pk}"


class SeededRight(models.Model):
    """A right that a release gave a role once. It is not given again: people may have taken it away since."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="seeded_rights", verbose_name=_("role"))
    permission = models.CharField(_("right"), max_length=120)

    class Meta:
        verbose_name = _("seeded right")
        verbose_name_plural = _("seeded rights")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["group", "permission"], name="right_seeded_once")]

    def __str__(self) -> str:
        return self.permission
