"""Channels and categories for other systems: the codes that submissions and filters use."""

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request

from common.api.filters import StrictFilters, TruthFilter
from common.api.paging import Order
from common.api.rows import JsonText, documents
from common.api.views import ListView
from common.models import valid_on
from feedback.api import operations
from feedback.choices import IntakeMethod, Urgency
from feedback.models import Category, Channel

NAMED = ("code", "name", "name_en", "valid_from", "valid_to")
BY_POSITION = Order("position", "position", of=int)


class InUse(StrictFilters):
    in_use = TruthFilter(method="valid_today", label=_("Valid today."))
    never_kept = ("in_use",)

    def valid_today(self, rows: QuerySet[Any], name: str, is_valid: bool) -> QuerySet[Any]:
        valid: Q = valid_on(timezone.localdate())
        return rows.filter(valid if is_valid else ~valid)


class Named(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)


class ChannelRow(Named):
    """A way by which feedback reaches the department."""

    method = serializers.ChoiceField(choices=IntakeMethod.choices)
    is_confidential = serializers.BooleanField()
    contact = serializers.CharField(allow_blank=True)
    scope = serializers.CharField(allow_blank=True)
    hours = serializers.CharField(allow_blank=True)


class CategoryLeaf(Named):
    """The matter within a field."""

    urgency = serializers.ChoiceField(choices=Urgency.choices)
    lead_unit = serializers.CharField(allow_blank=True)


class CategoryRow(CategoryLeaf):
    """A field of the published statistics with its matters."""

    children = CategoryLeaf(many=True)


class ChannelList(ListView):
    """The channels."""

    serializer_class = ChannelRow
    operations = operations.CHANNELS
    filterset_class = InUse
    order = BY_POSITION

    def rows(self, request: Request) -> QuerySet[Channel]:
        return Channel.objects.all()

    def document(self, request: Request) -> JsonText:
        return JsonText(**_fields(*NAMED, "method", "is_confidential", "contact", "scope", "hours"))


class CategoryList(ListView):
    """The categories as a tree of two levels."""

    serializer_class = CategoryRow
    operations = operations.CATEGORIES
    filterset_class = InUse
    order = BY_POSITION

    def rows(self, request: Request) -> QuerySet[Category]:
        return Category.objects.roots()

    def document(self, request: Request) -> JsonText:
        fields = _fields(*NAMED, "urgency", "lead_unit")
        children = Category.objects.filter(parent=OuterRef("pk")).order_by("position", "id")
        return JsonText(**fields, children=documents(children, **fields))


def _fields(*names: str) -> dict[str, Any]:
    return {name: F(name) for name in names}
