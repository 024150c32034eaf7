"""Every page that is asked for with GET, in a browser at two widths.

No serious fault of axe-core, nothing wider than a phone, no complaint of the browser.
SCREENSHOTS=<folder> keeps a picture of each.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Error

from apps.accounts.choices import Role
from tests.access import address, all_pages
from tests.factories import make_user

AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
SERIOUS = """async () => {
    const found = await axe.run(document, {resultTypes: ["violations"]});
    return found.violations
        .filter(rule => ["serious", "critical"].includes(rule.impact))
        .map(rule => `${rule.id}: ${rule.nodes.slice(0, 3).map(node => node.target).join(" | ")}`);
}"""
DARK = "document.documentElement.dataset.bsTheme = 'dark'"
LIGHT = "document.documentElement.dataset.bsTheme = 'light'"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = {name: page for name, page in all_pages().items() if page.method == "get"}
PUBLIC = {"/accounts/login/", "/no/such/page/"}


def look(page, url, name, width):
    """What is wrong with one page at one width, in words."""
    page.emulate_media(reduced_motion="reduce")  # no colour on its way to another
    try:
        answer = page.goto(url)
    except Error as told:  # no page to show: a file, or "no news" for a piece of a page
        answer = page.request.get(url)
        is_file = "attachment" in answer.headers.get("content-disposition", "")
        return [] if is_file or answer.status == 204 else [f"{name} at {width}: {told}"]
    wrong = []
    if answer.status >= 500:
        wrong.append(f"answers {answer.status}")
    is_page = "<html" in answer.text()[:200]  # a piece of a page is looked at in its page
    if is_page and answer.headers.get("content-type", "").startswith("text/html"):
        page.evaluate(AXE.read_text())
        wrong += page.evaluate(SERIOUS)
        if width > 600:  # the colours once more, in the dark
            page.evaluate(DARK)
            wrong += [f"in the dark: {fault}" for fault in page.evaluate(SERIOUS)]
            page.evaluate(LIGHT)
        wider = page.evaluate(WIDER)
        if wider > 0:
            wrong.append(f"is {wider} px wider than the window")
        if os.environ.get("SCREENSHOTS"):
            folder = Path(os.environ["SCREENSHOTS"])
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name.replace(':', '-')}-{width}.png", full_page=True)
    return [f"{name} at {width}: {what}" for what in wrong]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("half", [0, 1])
def test_every_page_is_usable(window, store, width, half):
    """In parts, so that the processes share them."""
    people = {role: make_user(role, store, role) for role in Role}
    wrong, windows = [], {}
    for name in sorted(PAGES)[half::2]:
        role = min(PAGES[name].roles)
        page = windows.setdefault(role, None) or window(people[role], width=width)
        windows[role] = page
        wrong += look(page, address(name, PAGES[name], store), name, width)
        wrong += [fault for fault in page.faults if "404" not in fault]
        page.faults.clear()

    assert wrong == []


def test_pages_for_who_is_not_signed_in_are_usable_too(window, db):
    wrong = []
    for width in (1440, 390):
        page = window(width=width)
        for url in sorted(PUBLIC):
            wrong += look(page, url, url.strip("/").replace("/", "-"), width)

    assert wrong == []
