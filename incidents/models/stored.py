"""What a stored file is described by; a view that asks who may see it serves it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stored(models.Model):
    """A file under a random name: what a person called it may name a person."""

    token = models.CharField(max_length=32, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    extension = models.CharField(max_length=6)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"#{self.pk}"
