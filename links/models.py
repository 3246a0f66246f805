"""Typed links between records of any two apps: the case apps do not import each other, a link joins them."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.keeping import KEPT


class Relation(models.TextChoices):
    MERGED_INTO = "merged_into", _("merged into")
    RELATED = "related", _("related to")
    CONVERTED = "converted_to", _("converted to")
    TRIGGERED = "triggered", _("gave rise to")
    RECURRED = "recurred_as", _("came back as")
    ASKED_FOR = "asked_for", _("led to the request for")


class Link(models.Model):
    """One record stands in a relation to another; who said so, when and why stays on the row."""

    source_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of source"))
    source_id = models.BigIntegerField(_("source"))
    relation = models.CharField(_("relation"), max_length=14, choices=Relation)
    target_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name=_("kind of target"))
    target_id = models.BigIntegerField(_("target"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "relation", "target_type", "target_id"],
                name="link_said_once",
            ),
        ]
        indexes = [models.Index(fields=["target_type", "target_id"], name="link_by_target")]
        triggers = KEPT

    def __str__(self) -> str:
        return f"{self.source_id} {self.get_relation_display()} {self.target_id}"
