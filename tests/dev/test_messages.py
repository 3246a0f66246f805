"""The translation tool: which texts are found, what must agree, what is kept."""

import json

import polib
import pytest

from config.dev import messages
from config.dev.extraction import Collection, Extraction, Message, from_python, from_template
from config.dev.terminal import Problem


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Case", []),
        ("%(count)s cases of %(name)s, %(count)s late", ["%(count)", "%(name)"]),
        ("%s of %s", ["%s", "%s"]),
        ("100%% of %d", ["%d"]),
        ("100% sure", []),
        ("{name} and {} and {at:%d/%m}", ["%d", "{at}", "{name}", "{}"]),
    ],
)
def test_placeholders_are_found(text, found):
    assert messages.placeholders(text) == found


@pytest.mark.parametrize(
    ("text", "plural", "translation", "is_right"),
    [
        ("%(count)s late", "", "%(count)s trễ hạn", True),
        ("%(count)s late", "", "trễ hạn", False),
        ("%(count)s late", "", "%(cuont)s trễ hạn", False),
        ("One case", "%(count)s cases", "%(count)s phản ánh", True),
        ("One case", "%(count)s cases", "%(number)s phản ánh", False),
        ("%(count)s case", "%(count)s cases", "phản ánh", False),
        ("%s by %s", "", "%s", False),
    ],
)
def test_placeholders_agree_or_are_a_fault(text, plural, translation, is_right):
    assert (messages.placeholder_fault(Message("", text, plural), translation) == "") is is_right


def test_line_breaks_at_the_edges_agree():
    assert messages.edge_fault("\nCase\n", "\nPhản ánh\n") == ""
    assert messages.edge_fault("\nCase", "Phản ánh")


def test_python_calls_are_found_with_context_and_plural():
    source = b"""
from django.utils.translation import gettext_lazy as _, ngettext, pgettext_lazy
a = _("Case")
b = ngettext("%(n)s case", "%(n)s cases", 2)
c = pgettext_lazy("move", "Confirm")
d = _("two " "parts")
e = _(variable)
"""
    found = {message.key: message.plural for message in from_python(source, "x.py")}
    assert found == {
        ("", "Case"): "",
        ("", "%(n)s case"): "%(n)s cases",
        ("move", "Confirm"): "",
        ("", "two parts"): "",
    }


def test_template_tags_are_found_whatever_their_indentation():
    source = """{% load i18n %}
<ul>
    {# Translators: for officers #}
    {% translate "Home" as home %} it's "quoted
  <li>{{ _("Late") }}</li>
      {% translate "May" context "month" %}
  {% blocktranslate count n=total trimmed %}
     {{ n }} case
  {% plural %}
     {{ n }} cases
  {% endblocktranslate %}
{% include "x.html" with title=_("Title") %}
"""
    found = {message.key: message.plural for message in from_template(source, "x.html")}
    assert found == {
        ("", "Home"): "",
        ("", "Late"): "",
        ("month", "May"): "",
        ("", "%(n)s case"): "%(n)s cases",
        ("", "Title"): "",
    }


@pytest.fixture
def extraction():
    needed, optional = Collection(), Collection()
    for message in (
        Message("", "Case", files={"b.py"}),
        Message("", "Case", files={"a.py"}),
        Message("move", "Confirm"),
        Message("", "One", "Many"),
    ):
        needed.note(message)
    optional.note(Message("", "Save", files={"django/x.html"}))
    return Extraction(needed, optional, {("", "Save"): "Lưu lại"})


def test_kept_translations_win_over_given_ones(extraction):
    chosen = messages.chosen(extraction, {("", "Case"): "Phản ánh"}, {"Case": "Vụ việc", "Confirm": "Xác nhận"})
    assert chosen == {("", "Case"): "Phản ánh", ("move", "Confirm"): "Xác nhận"}


def test_a_key_with_context_wins_over_one_without(extraction):
    chosen = messages.chosen(extraction, {}, {"Confirm": "Xác nhận", "move\x04Confirm": "Duyệt"})
    assert chosen[("move", "Confirm")] == "Duyệt"


def test_a_packages_own_translation_stays_out_unless_it_is_said_differently(extraction):
    same = messages.merged(extraction, {("", "Save"): "Lưu lại"})
    better = messages.merged(extraction, {("", "Save"): "Lưu"})
    assert "Save" not in {entry.msgid for entry in same}
    assert "Save" in {entry.msgid for entry in better}


def test_the_catalogue_is_the_same_whatever_the_order(extraction):
    catalogue = messages.merged(extraction, {("", "One"): "Nhiều"})
    assert [entry.msgid for entry in catalogue] == ["Case", "Confirm", "One"]
    assert catalogue[0].occurrences == [("a.py", ""), ("b.py", "")]
    assert catalogue[2].msgstr_plural == {0: "Nhiều"}
    assert str(catalogue) == str(messages.merged(extraction, {("", "One"): "Nhiều"}))


def test_gaps_name_what_is_missing_doubtful_and_left_over(extraction):
    catalogue = messages.merged(extraction, {("", "Case"): "Phản ánh"})
    catalogue[0].flags.append("fuzzy")
    catalogue.append(polib.POEntry(msgid="Old", msgstr="Cũ"))
    catalogue.remove(catalogue.find("One"))
    found = "\n".join(messages.gaps(extraction.needed, catalogue))
    assert "doubtful (fuzzy): 'Case'" in found
    assert "not translated: 'Confirm'" in found
    assert "not in the catalogue: 'One'" in found
    assert "nobody shows 'Old'" in found


def test_files_of_translations_that_disagree_are_refused(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"Case": "Phản ánh"}), encoding="utf-8")
    (tmp_path / "b.json").write_text(json.dumps({"Case": "Vụ việc"}), encoding="utf-8")
    with pytest.raises(Problem, match=r"a\.json and b\.json translate 'Case' differently"):
        messages.load_translations(tmp_path)


def test_the_compiled_catalogue_is_that_of_the_written_one():
    compiled = messages.CATALOGUE.with_suffix(".mo").read_bytes()
    assert compiled == messages.load().to_binary()
