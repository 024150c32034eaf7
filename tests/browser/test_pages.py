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
SERIOUS = """async rules => {
    const only = rules ? {runOnly: rules} : {};
    const found = await axe.run(document, {resultTypes: ["violations"], ...only});
    return found.violations
        .filter(rule => ["serious", "critical"].includes(rule.impact))
        .map(rule => `${rule.id}: ${rule.nodes.slice(0, 3).map(node => node.target).join(" | ")}`);
}"""
OF_COLOUR = ["color-contrast", "link-in-text-block"]
WIDTHS = (1440, 390)
THEME = "document.documentElement.dataset.bsTheme"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = {name: page for name, page in all_pages().items() if page.method == "get"}
PUBLIC = {"/accounts/login/", "/no/such/page/"}


def look(page, url, name, widths):
    """What is wrong with one page, in words: loaded at the first width, then turned to the next."""
    page.emulate_media(reduced_motion="reduce")  # no colour on its way to another
    resize(page, widths[0])
    try:
        answer = page.goto(url)
    except Error as told:  # no page to show: a file, or "no news" for a piece of a page
        answer = page.request.get(url)
        is_file = "attachment" in answer.headers.get("content-disposition", "")
        return [] if is_file or answer.status == 204 else [f"{name}: {told}"]
    wrong = [f"{name} answers {answer.status}"] if answer.status >= 500 else []
    is_page = "<html" in answer.text()[:200]  # a piece of a page is looked at in its page
    if is_page and answer.headers.get("content-type", "").startswith("text/html"):
        page.evaluate(AXE.read_text())
        for width in widths:
            resize(page, width)
            wrong += [f"{name} at {width}: {what}" for what in faults_at(page, width)]
            keep(page, f"{name.replace(':', '-')}-{width}.png")
    return wrong


def resize(page, width):
    page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})


def faults_at(page, width):
    wrong = page.evaluate(SERIOUS)
    if width > 600:  # the colours once more, in the dark
        theme = page.evaluate(THEME)
        page.evaluate(f"{THEME} = 'dark'")
        wrong += [f"in the dark: {fault}" for fault in page.evaluate(SERIOUS, OF_COLOUR)]
        page.evaluate(f"{THEME} = '{theme}'")
    wider = page.evaluate(WIDER)
    return wrong + ([f"is {wider} px wider than the window"] if wider > 0 else [])


def keep(page, file):
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder, file), full_page=True)


@pytest.mark.parametrize("part", range(4))
def test_every_page_is_usable(window, store, part):
    """In parts, so that the processes share them; every second page is loaded on a phone."""
    people = {role: make_user(role, store, role) for role in Role}
    wrong, windows = [], {}
    for number, name in enumerate(sorted(PAGES)[part::4]):
        role = min(PAGES[name].roles)
        page = windows.setdefault(role, None) or window(people[role])
        windows[role] = page
        widths = WIDTHS if number % 2 else WIDTHS[::-1]
        wrong += look(page, address(name, PAGES[name], store), name, widths)
        wrong += [fault for fault in page.faults if "404" not in fault]
        page.faults.clear()

    assert wrong == []


def test_pages_for_who_is_not_signed_in_are_usable_too(window, db):
    page, wrong = window(), []
    for url in sorted(PUBLIC):
        wrong += look(page, url, url.strip("/").replace("/", "-"), WIDTHS)

    assert wrong == []
