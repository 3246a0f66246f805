"""The form of Annex IV, in its order: lists of boxes, and rows that grow as they are filled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.exceptions import InvalidInput
from incidents.admin.forms import NOTHING, WithVersion, boxes, moment, text
from incidents.analysing import FIELDS
from incidents.analysis_shapes import MOST_LINES
from incidents.choices import Part, Told
from incidents.models import Analysis
from incidents.taxonomy import lists
from incidents.transitions import REASON_LENGTH, Move

SPARE_MOMENTS, SPARE_WHYS, SPARE_EXPERTS = 3, 5, 3
MOST_ROWS = 2 * MOST_LINES  # more than can be stored, so that what is too much is refused and not cut off
LONG = {"details": 6, "treatment": 3, "corrective": 4, "advice": 4, "root_cause": 3, "findings": 5, "guidance": 2}
HELP = {
    "details": _("What happened, from beginning to end. The report's words stand here to begin with."),
    "root_cause": _("The first cause with a direct link: without it, this would not have happened."),
    "findings": _("What was found; not the description once more."),
    "experts": _("Everybody signs; enter the day of each signature and who heads the group."),
    "timeline": _("Each moment with day and hour, in any order. Save to get more lines."),
    "whys": _("Why did it happen? And why that? Go on until the answer is something that the facility can change."),
}
SECTIONS: tuple[tuple[Part, tuple[str, ...]], ...] = (
    (Part.DETAILS, ("details", "timeline")),
    (Part.TYPES, ("types",)),
    (Part.TREATMENT, ("treatment",)),
    (Part.CAUSES, ("causes", "whys", "root_cause")),
    (Part.CORRECTIVE, ("corrective",)),
    (Part.ADVICE, ("advice",)),
    (Part.FINDINGS, ("findings", "discussed", "conforms", "guidance")),
    (Part.IMPACT, ("impacts", "impact_other")),
    (Part.EXPERTS, ("experts",)),
)


@dataclass(frozen=True)
class Block:
    """One element of the form as the page shows it: a field, rows of fields, or boxes with a line beside each."""

    name: str
    label: str
    help: Any
    kind: str
    field: BoundField | None = None
    rows: tuple[Any, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """One part of the form, with what the department asked there."""

    part: str
    label: str
    remarks: tuple[Any, ...]


class AnalysisForm(WithVersion):
    """Annex IV. Blank rows are no rows; what is missing is asked for when the analysis is sent."""

    names = FIELDS

    def __init__(self, *args: Any, analysis: Analysis, remarks: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.analysis, self.remarks = analysis, remarks or {}
        self.fields["version"].initial = analysis.version
        self.refused: dict[str, list[str]] = {}
        for name in FIELDS:
            getattr(self, f"_add_{name}", self._add_single)(name)

    # --- fields -----------------------------------------------------------------------------------------------------

    def _add_single(self, name: str) -> None:
        about: Any = Analysis._meta.get_field(name)
        label, help_text = capfirst(str(about.verbose_name)), HELP.get(name, "")
        field: forms.Field
        if name in LONG:
            field = forms.CharField(label=label, help_text=help_text, widget=text(LONG[name]), required=False)
        elif about.choices:
            field = forms.ChoiceField(label=label, choices=[NOTHING, *Told.choices], required=False)
        elif name in ("types", "causes", "impacts"):
            field = forms.MultipleChoiceField(
                label=label,
                choices=lambda: _offered(name),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            field = forms.CharField(label=label, max_length=about.max_length, required=False)
        field.initial = getattr(self.analysis, name)
        self.fields[name] = field

    def _add_timeline(self, name: str) -> None:
        known = self.analysis.timeline
        for number in range(self._rows("timeline", len(known), SPARE_MOMENTS)):
            row = known[number] if number < len(known) else {}
            at = moment(label=_("Day and hour"), required=False)
            said = forms.CharField(label=pgettext_lazy("time line", "What happened"), required=False)
            if row:
                at.initial = timezone.localtime(datetime.fromisoformat(row["at"]))
            said.initial = row.get("text", "")
            self.fields[f"timeline_{number}_at"], self.fields[f"timeline_{number}_text"] = at, said

    def _add_whys(self, name: str) -> None:
        known = self.analysis.whys
        for number in range(max(SPARE_WHYS, self._rows("whys", len(known), 1))):
            field = forms.CharField(label=_("Why? (%(number)s)") % {"number": number + 1}, required=False)
            field.initial = known[number] if number < len(known) else ""
            self.fields[f"whys_{number}_text"] = field

    def _add_factors(self, name: str) -> None:
        for group in lists().causes:
            for box in group.boxes:
                field = forms.CharField(label=_("How “%(cause)s” contributed") % {"cause": box}, required=False)
                field.initial = self.analysis.factors.get(box.code, "")
                self.fields[f"factor_{box.code}"] = field

    def _add_experts(self, name: str) -> None:
        known = self.analysis.experts
        for number in range(self._rows("experts", len(known), SPARE_EXPERTS if not known else 1)):
            row = known[number] if number < len(known) else {}
            parts: dict[str, Any] = {
                "name": forms.CharField(label=_("Full name"), max_length=200, required=False),
                "post": forms.CharField(label=_("Post"), max_length=200, required=False),
                "signed_on": forms.DateField(
                    label=_("Signed on"),
                    widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                    required=False,
                ),
                "is_head": forms.BooleanField(label=_("Head of the group"), required=False),
            }
            for part, field in parts.items():
                field.initial = row.get(part, "")
                if part == "signed_on" and row.get(part):
                    field.initial = date.fromisoformat(row[part])
                self.fields[f"experts_{number}_{part}"] = field

    def _rows(self, prefix: str, known: int, spare: int) -> int:
        """How many rows to show: those that are there and some to fill; those that were sent."""
        if not self.is_bound:
            return known + spare
        sent = {int(found[1]) for key in self.data if (found := re.match(rf"{prefix}_(\d{{1,3}})_", key, re.ASCII))}
        return min(max(sent, default=-1) + 1, MOST_ROWS)

    # --- what was given ---------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["timeline"] = list(self._timeline(given))
        given["whys"] = [said for number in self._numbers("whys") if (said := given.get(f"whys_{number}_text", ""))]
        given["factors"] = {code: said for code in given.get("causes", ()) if (said := given.get(f"factor_{code}", ""))}
        given["experts"] = list(self._experts(given))
        return given

    def _numbers(self, prefix: str) -> list[int]:
        return sorted({int(name.split("_")[1]) for name in self.fields if name.startswith(f"{prefix}_")})

    def _timeline(self, given: dict[str, Any]) -> Iterator[dict[str, str]]:
        for number in self._numbers("timeline"):
            at, said = given.get(f"timeline_{number}_at"), given.get(f"timeline_{number}_text", "")
            if at and said:
                yield {"at": timezone.localtime(at).isoformat(), "text": said}
            elif said and f"timeline_{number}_at" not in self.errors:
                self.add_error(f"timeline_{number}_at", _("Give day and hour of this moment."))
            elif at:
                self.add_error(f"timeline_{number}_text", _("Say what happened then."))

    def _experts(self, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for number in self._numbers("experts"):
            name, post, signed_on, is_head = (
                given.get(f"experts_{number}_{part}") for part in ("name", "post", "signed_on", "is_head")
            )
            if name:
                signed = signed_on.isoformat() if signed_on else ""
                yield {"name": name, "post": post or "", "signed_on": signed, "is_head": bool(is_head)}
            elif post or signed_on or is_head:
                self.add_error(f"experts_{number}_name", _("Whose row is this?"))

    def wishes(self, base: Any) -> dict[str, Any]:
        """What the writer changed from what they were looking at (`base`: the analysis or its history row)."""
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        return {name: value for name, value in given.items() if value != getattr(base, name)}

    def take(self, refusal: InvalidInput) -> None:
        """Put the sentences of a refusal beside the elements they are about."""
        for name, sentences in refusal.fields.items():
            if name in self.fields:
                self.add_error(name, sentences)
            else:
                self.refused[name] = [str(sentence) for sentence in sentences]

    # --- the page ---------------------------------------------------------------------------------------------------

    def sections(self) -> list[tuple["Heading", list[Block]]]:
        """The elements under the headings of the form."""
        return [
            (Heading(str(part), str(part.label), tuple(self.remarks.get(str(part), ()))), list(map(self._block, names)))
            for part, names in SECTIONS
        ]

    def _block(self, name: str) -> Block:
        about: Any = Analysis._meta.get_field(name)
        label, errors = capfirst(str(about.verbose_name)), tuple(self.refused.get(name, ()))
        if name == "causes":
            return Block(name, label, "", "causes", self[name], self._cause_rows(), errors)
        if name in self.fields:
            return Block(name, label, HELP.get(name, ""), "field", self[name], (), errors)
        parts = {
            "timeline": ("at", "text"),
            "whys": ("text",),
            "experts": ("name", "post", "signed_on", "is_head"),
        }[name]
        rows = tuple(tuple(self[f"{name}_{number}_{part}"] for part in parts) for number in self._numbers(name))
        return Block(name, label, HELP.get(name, ""), name, None, rows, errors)

    def _cause_rows(self) -> tuple[Any, ...]:
        """The causes under their groups, each with its box, and the line that says how it contributed."""
        ticked = set(self["causes"].value() or ())
        return tuple(
            (
                str(group.entry),
                [(box.code, str(box), box.code in ticked, self[f"factor_{box.code}"]) for box in group.boxes],
            )
            for group in lists().causes
        )


def _offered(name: str) -> list[Any]:
    if name == "impacts":
        return [(code, str(entry)) for code, entry in lists().impacts.items()]
    return boxes(lists().types if name == "types" else lists().causes)


class AnalysisStepForm(WithVersion):
    """One step and its reason; for a return, what is missing at each part of the form."""

    reason = forms.CharField(label=_("Reason or remarks"), widget=text(3), max_length=REASON_LENGTH)

    def __init__(self, *args: Any, analysis: Analysis, move: Move, with_remarks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = analysis.version
        self.fields["reason"].initial = str(move.reason)
        for part in Part if with_remarks else ():
            self.fields[str(part)] = forms.CharField(label=part.label, widget=text(2), required=False)

    def remarks(self) -> dict[str, str]:
        return {part: said for part in Part.values if (said := self.cleaned_data.get(part, ""))}
