"""A real browser: Chromium of the system, driven by Playwright."""

import os
import shutil

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps a loop in this thread
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium():
    """Without a browser these tests fail: what is not run must not look green."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        told = "Chromium is missing: apt-get install chromium (ALLOW_NO_BROWSER=1 leaves this out)"
        if os.environ.get("ALLOW_NO_BROWSER") == "1":
            pytest.skip(told)
        pytest.fail(told)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def window(chromium, live_server, settings):
    """Open a window; with ``user`` already signed in. What the browser complains of is in
    ``page.faults``: errors of scripts and everything the content security policy refuses."""
    contexts = []

    def open_window(user=None, *, width=1440, **options):
        size = {"width": width, "height": 900 if width > 600 else 844}
        context = chromium.new_context(base_url=live_server.url, viewport=size, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user is not None:
            visitor = Client()  # one each: signing in again would end the first session
            visitor.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": visitor.cookies[name].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: _keep(page, said))
        return page

    yield open_window
    for context in contexts:
        context.close()


def _keep(page, said):
    if said.type == "error" and "favicon" not in said.text:
        page.faults.append(f"{page.url}: {said.text}")
