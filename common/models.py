"""What several models share. Nothing here has a table."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import structlog
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.sealing import CannotOpen, Place, keyring, padded

log = structlog.get_logger("common.sealing")


class Dated(models.Model):
    """Reference data that is true from one day to another; the end day is the first on which it is not."""

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until (exclusive)"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_valid_days_in_order",
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_from__lt=models.F("valid_to")),
                violation_error_message=_("The last day must come after the first."),
            )
        ]


def valid_on(day: Any, prefix: str = "") -> models.Q:
    """Rows that are true on `day`."""
    return (models.Q(**{f"{prefix}valid_from": None}) | models.Q(**{f"{prefix}valid_from__lte": day})) & (
        models.Q(**{f"{prefix}valid_to": None}) | models.Q(**{f"{prefix}valid_to__gt": day})
    )


class Sealed(models.Model):
    """A row that keeps one document of short texts under seal. `named_by` is the column that names the row before it
    is written and never changes; the seal is bound to it. `manage.py rotate_keys` finds every such model."""

    named_by: ClassVar[str]
    of_key: ClassVar[tuple[str, ...]] = ("sealed", "key_id")  # what `seal_again` renews
    sealed = models.BinaryField(_("under seal"), editable=False)
    key_id = models.CharField(_("key"), max_length=16, editable=False)

    class Meta:
        abstract = True
        # what still lies under an old key, in the order in which `rotate_keys` takes it
        indexes = [models.Index(fields=["key_id", "id"], name="%(app_label)s_%(class)s_by_key")]

    @classmethod
    def under_seal(cls, row: int | str, document: Mapping[str, str]) -> dict[str, Any]:
        """The columns of the row that `row` names, for INSERT and COPY alike. Microseconds, no query."""
        keys = keyring()
        return {"sealed": keys.seal(padded(document), cls._place(row)), "key_id": keys.writing}

    def opened(self) -> dict[str, str]:
        """The document. Raises `KeyUnknown`, `Tampered`, and leaves an alarm in the log."""
        place = self._place(getattr(self, self.named_by))
        try:
            document: dict[str, str] = json.loads(keyring().open(bytes(self.sealed), place))
        except CannotOpen as fault:
            log.error("seal_does_not_open", table=place.table, row=place.row, fault=fault.code)
            raise
        return document

    def seal_again(self) -> None:
        """Put the same document under the first key; the caller saves. Raises `KeyUnknown`, `Tampered`."""
        for name, value in self.under_seal(getattr(self, self.named_by), self.opened()).items():
            setattr(self, name, value)

    @classmethod
    def _place(cls, row: int | str) -> Place:
        return Place(cls._meta.db_table, "sealed", row)
