"""A form of a page, read off its HTML: what a browser without scripts would send if nobody typed anything."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse


def form_in(answer: HttpResponse, containing: str) -> dict[str, list[str]]:
    """The form that has an input named `containing`; a dictionary of lists, as the test client takes it."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    found = [form for form in reader.forms if containing in form]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} forms hold {containing!r}")
    return {name: values for name, values in found[0].items() if values and "__prefix__" not in name}


class _Reader(HTMLParser):
    """Collects the fields of every form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = [{}]
        self.select = self.textarea = ""
        self.first_option: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append({})
        elif tag == "option" and self.select:
            self._option(given)
        elif "disabled" in given or not name:
            return
        elif tag == "select":
            self.select, self.first_option = name, None if "multiple" in given else ""
            self._values(name)
        elif tag == "textarea":
            self.textarea = name
            self._values(name).append("")
        elif tag == "input" and given.get("type") not in ("submit", "button", "file", "image"):
            is_box, values = given.get("type") in ("checkbox", "radio"), self._values(name)
            if not is_box or "checked" in given:
                values.append(given.get("value", "on" if is_box else ""))

    def _option(self, given: dict[str, str]) -> None:
        values = self._values(self.select)
        if "selected" in given:
            values.append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self._values(self.textarea)[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            values = self._values(self.textarea)
            values[-1] = values[-1].removeprefix("\n")
            self.textarea = ""
        elif tag == "select":
            if self.select and self.first_option == "" and not self._values(self.select):
                self._values(self.select).append("")
            self.select = ""

    def _values(self, name: str) -> list[str]:
        return self.forms[-1].setdefault(name, [])


def changed(form: dict[str, list[str]], **changes: Any) -> dict[str, list[str]]:
    """The form with other values; None takes a field out, as an unticked box is not sent."""
    given = {name: value if isinstance(value, list) else [value] for name, value in changes.items()}
    return {name: values for name, values in (form | given).items() if values != [None]}
