"""The case in the console: the list that opens on the work, and the addresses under each case."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.views import ChangeList

from common.admin import reporting_refusals
from common.changelist import KeysetAdmin, version_shown
from common.exceptions import Refused
from common.keyset import ASIDE_CAP, COUNT_CAP, Order, capped_counts
from feedback.admin import by_number, clocks, merging, recusing, reveal, saved, views
from feedback.admin.export import RIGHT, exported
from feedback.admin.filters import CaseFilter, FilterForm
from feedback.choices import Status
from feedback.models import Case
from feedback.press import views as press
from feedback.provisional import mark
from feedback.queues import NEWEST_FIRST, QUEUES, cases_in, offered_to
from feedback.search import look
from feedback.transitions import MOVES, move
from feedback.visibility import sees_as_facility

TABS = (
    "open", "mine", "to-answer", "returned", "to-examine", "new", "late", "today", "with-facility", "to-check",
    "to-confirm", "to-reply", "to-publish", "waiting", "escalated", "all",
)  # fmt: skip
KEYED = (Status.TRIAGED, Status.ASSIGNED, Status.FORWARDED)  # claim, assign, forward
_LIST_COLUMNS = (
    "reference", "status", "is_open", "version", "title", "urgency", "is_confidential", "received_at", "due_at",
    "ended_at", "escalation_level", "facility_said", "facility__name", "category__code", "category__name",
    "category__name_en", "assignee__display_name", "assignee__username",
)  # fmt: skip


@admin.register(Case)
class CaseAdmin(KeysetAdmin):
    """Cases: read by those who may see them, moved only by `feedback.transitions`, added only by the operator's form,
    deleted by nobody. The rows are drawn by `templates/console/case/rows.html`."""

    list_display = ["reference"]
    list_filter = [CaseFilter]
    filter_words = frozenset(FilterForm.base_fields)
    list_per_page = 50
    search_fields = ["reference"]  # only turns the search box on; `get_search_results` does the finding
    search_help_text = gettext_lazy("Reference or words, accents do not matter")
    change_list_template = "admin/feedback/case/change_list.html"
    actions = ["take_selected"]

    def get_urls(self) -> list[URLPattern]:
        """The list and the pages of one case; the stock forms to add, change and delete have no address."""

        def named(route: str, view: Any, name: str) -> URLPattern:
            return path(route, self.admin_site.admin_view(view), name=f"feedback_case_{name}")

        return [
            named("", self.changelist_view, "changelist"),
            named("<int:case_id>/change/", views.case_page, "change"),
            named("<int:case_id>/buoc/<slug:status>/", views.step, "step"),
            named("<int:case_id>/gop/", merging.merge, "merge"),
            named("<int:case_id>/dinh-chinh/", views.correction, "correction"),
            named("<int:case_id>/thoi-han/<int:deadline_id>/", clocks.deadline, "deadline"),
            named("<int:case_id>/ghi-chu/", views.note, "note"),
            named("<int:case_id>/nguoi-phan-anh/", reveal.reporter, "reporter"),
            named("<int:case_id>/nguoi-phan-anh/<int:request_id>/", reveal.reveal_request, "reveal_request"),
            named("<int:case_id>/tu-choi/", recusing.recuse, "recuse"),
            named("<int:case_id>/bao-chi/", press.appearance, "appearance"),
            named("<int:case_id>/bao-cao-nhanh/", press.prompt_report, "prompt_report"),
            named("bao-chi/", press.press_list, "press"),
            named("bao-chi/ghi-nhan/", press.record, "press_record"),
            named("bao-chi/bao-ngay/", press.report_own, "press_own"),
            named("xuat/", self.export, "export"),
            named("so-dien-thoai/", by_number.by_number, "by_number"),
            named("bo-loc/", saved.keep, "saved"),
            named("bo-loc/cat/", saved.put_away, "saved_put_away"),
            named("bo-loc/dem.json", saved.counts, "saved_counts"),
            named("tu-choi/", recusing.recusal_list, "recusals"),
            named("tu-choi/co-so/", recusing.from_facility, "from_facility"),
            named("tu-choi/<slug:kind>/<int:recusal_id>/", recusing.recusal, "recusal"),
            named("<int:case_id>/tep/<slug:token>/", views.attachment, "attachment"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """What the list shows of the cases one sees: no long texts, three joins."""
        rows = Case.objects.visible_to(request.user).select_related("facility", "category", "assignee")
        return rows.only(*_LIST_COLUMNS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_triage_permission(self, request: HttpRequest) -> bool:
        """Who may use the list's action."""
        return bool(request.user.has_perm("feedback.triage_case"))

    def get_keyset(self, request: HttpRequest, changelist: ChangeList) -> Order:
        """The queue's own order; newest first while somebody searches, since the word index knows only that one."""
        return NEWEST_FIRST if changelist.query else QUEUES[changelist.filter_specs[0].queue].order

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        if not search_term.strip():
            return queryset, False
        found = look(search_term, reader=request.user)
        request.look = found  # type: ignore[attr-defined]
        request.found = found.parts(queryset)  # type: ignore[attr-defined]
        return found.among(queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        response = super().changelist_view(request, {"title": _("Cases"), **(extra_context or {})})
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            self._add_tabs(request, context)
        return response

    @method_decorator(require_POST)
    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list of the same address holds, on all its pages, as a file."""
        if not (self.has_view_permission(request) and request.user.has_perm(RIGHT)):
            raise PermissionDenied
        back = HttpResponseRedirect(f"{reverse('admin:feedback_case_changelist')}?{request.GET.urlencode()}")
        try:
            changelist = self.get_changelist_instance(request)
            narrowing = changelist.filter_specs[0]
            rows = changelist.queryset.order_by(*self.get_keyset(request, changelist).names())
            filters = {**narrowing.form.cleaned_data, "queue": narrowing.queue}
            return exported(request, rows, filters, is_searched=bool(changelist.query))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return back

    def _add_tabs(self, request: HttpRequest, context: dict[str, Any]) -> None:
        """The queues above the list with their counts, all in one statement; those aside are counted less far."""
        changelist = context["cl"]
        narrowing = changelist.filter_specs[0]
        now, offered = narrowing.now, offered_to(request.user)
        lists = {name: cases_in(name, request.user, now) for name in TABS if name in offered}
        is_found = bool(changelist.query) or narrowing.is_narrowed
        shown = getattr(request, "found", changelist.queryset)
        chips = saved.chips(request)
        looked_at = {name: COUNT_CAP for name in ("", narrowing.queue)}
        counts = capped_counts({**lists, "": shown} if is_found else lists, cap=ASIDE_CAP, caps=looked_at)
        context |= {
            "tabs": [
                {
                    "name": name,
                    "label": QUEUES[name].label,
                    "count": counts[name],
                    "url": f"?queue={name}",
                    "is_shown": name == narrowing.queue,
                }
                for name in lists
                if counts[name] or name in ("open", "all", narrowing.queue)
            ],
            "queue": narrowing.queue,
            "filters": narrowing.form,
            "found": counts.get(""),
            "is_narrowed": is_found,
            "has_filters": narrowing.is_narrowed,
            "now": now,
            "has_provisional": mark(changelist.result_list),
            "as_facility": sees_as_facility(request.user),
            "chips": chips,
            "may_put_away": any(chip["may_put_away"] for chip in chips),
            "may_share": saved.may_share(request.user),
            "may_look_by_number": by_number.may_look(request.user),
            "look": getattr(request, "look", None),
            "keys": self._mark_keys(request, changelist.result_list),
            "may_export": request.user.has_perm(RIGHT),
        }

    def _mark_keys(self, request: HttpRequest, cases: list[Case]) -> bool:
        """Write on each case of the page which steps a key on the list leads to; whether there is any. No query."""
        offered = [(to, {start for start, end in MOVES if end == to}) for to in KEYED]
        mine = [
            (to, starts) for to, starts in offered if any(request.user.has_perm(MOVES[s, to].right) for s in starts)
        ]
        for case in cases:
            steps = [to for to, starts in mine if case.status in starts]
            case.keyed = " ".join(map(str, steps))  # type: ignore[attr-defined]
        return bool(mine)

    @admin.action(description=gettext_lazy("Take into handling"), permissions=["triage"])
    def take_selected(self, request: HttpRequest, cases: QuerySet[Case]) -> None:
        """Take what was chosen into handling, each case by its own step and as the list showed it; each refusal is told
        by itself, and so is what left the list or the person's sight meanwhile."""
        chosen = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if key.isascii() and key.isdigit()]
        chosen = chosen[: self.list_per_page]
        taken = seen = 0
        reason = str(MOVES[Status.RECEIVED, Status.TRIAGED].label)
        for case in Case.objects.visible_to(request.user).filter(pk__in=[key[:18] for key in chosen]).order_by("id"):
            seen += 1
            with reporting_refusals(request, case):
                move(case, Status.TRIAGED, by=request.user, reason=reason, version=version_shown(request, case))
                taken += 1
        if gone := len(chosen) - seen:
            self.message_user(
                request, _("Cases that you can no longer see: %(count)s.") % {"count": gone}, messages.WARNING
            )
        if taken:
            self.message_user(request, _("%(count)s cases taken into handling.") % {"count": taken})
