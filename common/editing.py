"""Two people in one form lose nothing: every change page carries what it showed, and saving it compares.

Saving locks the record and its parts, reads them once more, and where they are no longer what the writer saw stores
nothing: the page comes back with theirs and mine, field by field."""

import copy
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from common.history import happened_since
from common.merging import Merge, Section, choose
from common.versions import FIELD, Opened, Page, State

CONFLICT = 409
CONFLICT_PAGE = "console/conflict.html"


class VersionedForms:
    """Admin mixin: change pages are compared with what is stored before they are saved.

    `part_of` names the field to the whole of which a record is a part: the whole is locked first, as its own page
    does, so that two such pages never wait for each other."""

    part_of = ""
    change_form_before_template = "admin/opened.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)  # type: ignore[misc]
        return [name for name in fields if name != FIELD]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        return type(form.__name__, (form,), {FIELD: Opened()}) if obj is not None else form

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        if obj is not None and not form.is_bound and FIELD in form.fields:
            parts = [shown.formset for shown in context["inline_admin_formsets"] if shown.has_change_permission]
            form.initial[FIELD] = Page(form, parts).state().token()
        answer: HttpResponse = super().render_change_form(request, context, *args, obj=obj, **kwargs)  # type: ignore[misc]
        return answer

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        with transaction.atomic():
            if request.method == "POST" and object_id is not None:
                record = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
                if record is not None and self.has_change_permission(request, record):  # type: ignore[attr-defined]
                    conflict = self._conflict(request, record)
                    if conflict is not None:
                        return conflict
            answer: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
            return answer

    def _conflict(self, request: HttpRequest, record: Model) -> HttpResponse | None:
        """The page that shows both, or None when what is stored is what the writer saw.

        Leaves in `request.POST` what is to be saved: theirs where the writer gave way on an earlier such page."""
        data = request.POST.copy()
        record = self._at_rest(request, record)
        stored = self._forms(_asking(request), record)
        now = stored.state()
        choose(data, stored)
        request.POST = data  # type: ignore[assignment]
        base = State.read(data.get(FIELD, ""), now.of)
        if base is not None and base.is_same(now):
            return None
        sent = self._forms(request, copy.copy(record))
        for form in (sent.form, *(form for formset in sent.formsets for form in formset.forms)):
            form.is_valid()
        merge = Merge(base, stored, sent, data, request.user)
        sections = merge.compare()
        happened = happened_since(base.moment, record, self, request.user) if base else []  # type: ignore[arg-type]
        data[FIELD] = now.token()
        return self._conflict_page(request, record, sent.form, sections, merge.wished, happened)

    def _at_rest(self, request: HttpRequest, record: Any) -> Any:
        """The record as it is stored now, nobody else writing it or its parts until this transaction ends."""
        if self.part_of:
            whole = self.opts.get_field(self.part_of)  # type: ignore[attr-defined]
            lock_rows(whole.related_model, [getattr(record, whole.attname)])
        lock_rows(type(record), [record.pk])
        fresh = self.get_object(request, str(record.pk)) or record  # type: ignore[attr-defined]
        for formset in self._forms(_asking(request), fresh).formsets:
            lock_rows(formset.model, [form.instance.pk for form in formset.initial_forms])
        return fresh

    def _forms(self, request: HttpRequest, record: Model) -> Page:
        """The forms of the change page: bound to what was sent when the request is a POST."""
        fieldsets = self.get_fieldsets(request, record)  # type: ignore[attr-defined]
        form_class = self.get_form(request, record, change=True, fields=flatten_fieldsets(fieldsets))
        is_sent = request.method == "POST"
        form = form_class(request.POST, request.FILES, instance=record) if is_sent else form_class(instance=record)
        formsets, inlines = self._create_formsets(request, record, change=True)  # type: ignore[attr-defined]
        pairs = zip(formsets, inlines, strict=True)
        return Page(form, [formset for formset, part in pairs if part.has_change_permission(request, record)])

    def _conflict_page(
        self,
        request: HttpRequest,
        record: Model,
        form: Any,
        sections: list[Section],
        wished: list[str],
        happened: list[Any],
    ) -> HttpResponse:
        columns = {about.name for about in (*self.opts.fields, *self.opts.many_to_many)}  # type: ignore[attr-defined]
        asked = [field for field in form.visible_fields() if field.name not in columns and not field.field.disabled]
        shown_apart = {field.html_name for field in asked} | {"csrfmiddlewaretoken"}
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": str(record),
            "heading": _("Two people changed this record"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "original": record,
            "back": request.path,
            "back_label": str(record),
            "action": request.get_full_path(),
            "sections": sections,
            "wished": wished,
            "asked": asked,
            "media": form.media,
            "hidden": [
                (name, value) for name, values in request.POST.lists() if name not in shown_apart for value in values
            ],
            "happened": happened,
            "happened_template": "admin/occasion.html",
            "has_own_heading": True,
        }
        return TemplateResponse(request, CONFLICT_PAGE, context, status=CONFLICT)


def lock_rows(model: type[Model], keys: Iterable[Any]) -> None:
    """Let nobody else write these rows until the transaction ends; rows that point to them may still be added."""
    rows = model._base_manager.filter(pk__in=list(keys)).order_by("pk")
    list(rows.select_for_update(no_key=True, of=("self",)).values_list("pk"))


def _asking(request: HttpRequest) -> HttpRequest:
    """The same request as if it only asked for the page."""
    asking = copy.copy(request)
    asking.method = "GET"
    return asking
