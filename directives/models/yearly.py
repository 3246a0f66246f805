"""The annual report packs: what stood at a moment, frozen with its files."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import VisibleRows
from common.keeping import APPEND_ONLY
from directives.choices import FileForm
from directives.visibility import EVERY, OF_PACK


class ReportPack(models.Model):
    """The year's report as of a moment: figures and words with their digest. Written once; another edition says why.

    It holds counts and no names of facilities, so that whoever is kept from one may read it."""

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("edition"))
    as_of = models.DateTimeField(_("as of"))
    content = models.JSONField(_("figures and words"))
    digest = models.CharField(_("digest"), max_length=64)
    reason = models.TextField(_("why it was drawn up again"), blank=True)
    former = models.OneToOneField("self", models.PROTECT, null=True, related_name="next", verbose_name=_("replaces"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    maker = models.CharField(_("name of the maker"), max_length=200)
    at = models.DateTimeField(_("frozen"))
    access = EVERY
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("annual report pack")
        verbose_name_plural = _("annual report packs")
        ordering = ["-year", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="report_pack_numbers"),
            models.CheckConstraint(
                name="report_pack_names_the_former",
                condition=Q(number=1, former=None, reason="") | Q(number__gt=1, former__isnull=False) & ~Q(reason=""),
                violation_error_message=_("Another edition says what it replaces and why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"


class PackFile(models.Model):
    """One file of an annual report pack, byte for byte as it was frozen. Written once."""

    pack = models.ForeignKey(ReportPack, models.PROTECT, related_name="files", verbose_name=_("annual report pack"))
    form = models.CharField(_("form"), max_length=4, choices=FileForm)
    content = models.BinaryField(_("content"), editable=False)
    digest = models.CharField(_("digest"), max_length=64)
    access = OF_PACK
    objects = VisibleRows.as_manager()

    class Meta:
        verbose_name = _("file of an annual report pack")
        verbose_name_plural = _("files of annual report packs")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["pack", "form"], name="pack_file_of_each_form")]

    def __str__(self) -> str:
        return f"#{self.pk}"


for written_once in (ReportPack, PackFile):
    pgtrigger.register(*APPEND_ONLY)(written_once)
