"""Accessibility as axe-core finds it: what keeps somebody from reading or using a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")


def violations(page: Page) -> list[str]:
    """The serious and critical ones on the page as it stands, each with its rule and where it is. Needs scripts."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['help']} – {'; '.join(' '.join(node['target']) for node in one['nodes'][:3])}"
        for one in found
        if one["impact"] in GRAVE
    ]
