"""Who sees which cases and which parts of them: the one rule behind lists, details, counts, search, API and mail."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from feedback.choices import Audience

NOBODY = Q(pk__in=[])


def visible_cases(user: Any, prefix: str = "") -> Q:
    """A condition on `Case` (or, with a prefix, on rows that point to one) for what this person may see.

    Facilities see what was released to them and nothing confidential; divisions what was assigned to them; officers
    every ordinary case and the confidential ones that they handle. A recusal beats all of that, for everybody. Costs
    one query for the memberships and one for the recusals, once."""
    if not getattr(user, "is_active", False):
        return NOBODY

    def of(**conditions: Any) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in conditions.items()})

    return _allowed_through(user, of) & _not_recused(user, of)


def _not_recused(user: Any, of: Any) -> Q:
    condition = Q()
    if user.recused_cases:
        condition &= ~of(pk__in=user.recused_cases)
    if user.recused_facilities:
        condition &= ~of(facility__in=user.recused_facilities)
    return condition


def _allowed_through(user: Any, of: Any) -> Q:
    if user.is_superuser:
        return Q()
    allowed = _allowed(user, of)
    if user.client is not None and not user.has_perm("feedback.view_confidential_case"):
        # what a system sent in confidence does not come back through its token
        return allowed & of(is_confidential=False)
    return allowed


def _allowed(user: Any, of: Any) -> Q:
    ordinary = of(is_confidential=False)
    mine = of(assignee=user) | of(recorded_by=user)  # whoever typed it in knows it already
    if user.has_perm("feedback.view_every_case"):
        everything = Q() if user.has_perm("feedback.view_confidential_case") else ordinary | mine
        return everything & _client_scope(user, of)
    allowed = NOBODY
    if user.has_perm("feedback.view_division_case"):
        allowed |= ordinary & of(division__in=user.scope.divisions) | mine
    if user.has_perm("feedback.view_facility_case"):
        allowed |= ordinary & of(is_released=True, facility__in=user.scope.facilities)
    if user.has_perm("feedback.view_recorded_case"):
        allowed |= of(recorded_by=user)
    return allowed


def _client_scope(user: Any, of: Any) -> Q:
    """An API client may be limited to some facilities."""
    limits = user.client_facilities
    return of(facility__in=limits) if limits else Q()


def sees_as_facility(user: Any) -> bool:
    """Does this person look at cases from the facility's side, with the masks of that side?"""
    return not user.is_superuser and not any(
        user.has_perm(f"feedback.{right}") for right in ("view_every_case", "view_division_case", "view_recorded_case")
    )


def audiences_of(user: Any) -> tuple[str, ...]:
    """The audiences whose notes and files this person reads."""
    if sees_as_facility(user):
        return (Audience.FACILITY, Audience.CITIZEN)
    return (Audience.DEPARTMENT, Audience.FACILITY, Audience.CITIZEN)


def visible_parts(user: Any, model: Any) -> Q:
    """A condition on answers, replies, notes and attachments: of a visible case, and of an audience that fits.

    A facility that gets a case after another one reads nothing of the other's time with it: not its answers, not the
    files beside them, not the notes."""
    condition = visible_cases(user, "case__")
    names = {field.name for field in model._meta.fields}
    if "audience" in names:
        condition &= Q(audience__in=audiences_of(user))
    if not sees_as_facility(user):
        return condition
    if "facility" in names:
        return condition & Q(facility__in=user.scope.facilities)
    if "answer" in names:
        return condition & (Q(answer=None) | Q(answer__facility__in=user.scope.facilities))
    return condition & Q(~Exists(_time_elsewhere(model)))


def _time_elsewhere(model: Any) -> Any:
    """History rows, later than the part, in which its case was not with the facility that has it now."""
    history = model._meta.get_field("case").related_model.history.model
    elsewhere = Q(is_released=False) | ~Q(facility=OuterRef("case__facility"))
    return history.objects.filter(elsewhere, id=OuterRef("case_id"), history_date__gte=OuterRef("at"))
