"""What axe-core says of the console's most used pages, at a desk and on a telephone; and what a chooser is called."""

import pytest

from tests.browser.axe import violations

PAGES = {
    "operator": {"home": "/console/", "record": "/console/ghi-nhan/"},
    "officer": {
        "home": "/console/",
        "cases": "/console/feedback/case/",
        "cases-filtered": "/console/feedback/case/?queue=all&status=received",
        "forbidden": "/console/feedback/reconciliation/",
    },
    "lead": {
        "home": "/console/",
        "imports": "/console/feedback/caseimport/",
        "reconciliation": "/console/feedback/reconciliation/add/",
        "mails": "/console/feedback/receivedmail/",
    },
}


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("role", PAGES)
def test_axe_finds_nothing_grave_on_the_pages_of_each_role(somebody, role: str, width: int) -> None:
    person = somebody(role, width=width)
    found: dict[str, list[str]] = {}
    for name, path in PAGES[role].items():
        page = person.open(path)
        page.wait_for_load_state("load")
        found[name] = violations(page)
        person.shot(f"console-{role}-{name}-{width}", full=True)
    person.complaints[:] = [said for said in person.complaints if "403" not in said]  # a browser tells of it as a fault
    grave = {name: faults for name, faults in found.items() if faults}
    assert not grave, grave


def test_an_empty_chooser_has_the_name_of_its_field(somebody) -> None:
    page = somebody("officer").open("/console/feedback/case/?queue=all&status=received")
    box = page.get_by_role("combobox", name="Cơ sở")
    box.wait_for()
    box.focus()
    page.keyboard.press("Enter")
    page.locator(".select2-search__field").wait_for()
