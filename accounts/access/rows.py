"""The queryset of every model that declares who sees its rows."""

from typing import Any, Self, TypeVar

from django.db import models

from accounts.access.who import condition

AnyModel = TypeVar("AnyModel", bound=models.Model)


class VisibleRows(models.QuerySet[AnyModel]):
    """Needs `access` on the model: a `Term`."""

    def visible_to(self, user: Any) -> Self:
        """The one answer to who sees which rows of this model."""
        declared: Any = self.model
        return self.filter(condition(declared.access, user))

    def visible_parts(self, user: Any, **of: Any) -> Self:
        """Those that belong to a record which this reader was shown already, such as `case=case`: whether it is theirs
        is not asked again, in a join with a policy of its own."""
        declared: Any = self.model
        return self.filter(condition(declared.access, user, known=frozenset(of)), **of)
