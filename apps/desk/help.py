"""The help of each role: the pages of ``docs/help``, written for the person on the chair."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from apps.accounts.choices import Role

# File → who works by it. In the order of the roles; who has several finds several.
TOPICS: dict[str, Role] = {
    "receptionist": Role.RECEPTIONIST,
    "consultant": Role.SALES_CONSULTANT,
    "sales_manager": Role.SALES_MANAGER,
    "advisor": Role.SERVICE_ADVISOR,
    "supervisor": Role.SERVICE_SUPERVISOR,
    "service_manager": Role.SERVICE_MANAGER,
    "workshop": Role.WORKSHOP,
    "specialist": Role.CARE_SPECIALIST,
    "ssi_specialist": Role.CARE_SPECIALIST,
    "care_manager": Role.CARE_MANAGER,
    "insurance_specialist": Role.INSURANCE_SPECIALIST,
    "administration": Role.ADMINISTRATION,
    "general_manager": Role.GENERAL_MANAGER,
    "group_manager": Role.GROUP_MANAGER,
    "system_administrator": Role.SYSTEM_ADMINISTRATOR,
    "setup": Role.SYSTEM_ADMINISTRATOR,
}
TABLE = '<div class="table-responsive" tabindex="0"><table class="table">'
DOCS = Path(settings.BASE_DIR) / "docs"
FOLDER = DOCS / "help"
LINK = re.compile(r"\]\((?:\.\./)?(?:help/)?(\w+)\.zh\.md\)")  # of one page to another


def own_topics(user: Any) -> list[str]:
    return [name for name, role in TOPICS.items() if role in user.roles]


@lru_cache(maxsize=len(TOPICS))
def help_of(name: str) -> tuple[str, SafeString]:
    """Title and text of a topic. Keys are written as code; what is HTML stays text."""
    folder = DOCS if name == "setup" else FOLDER
    first, _line, rest = (folder / f"{name}.zh.md").read_text("utf-8").partition("\n")
    shifted = re.sub(r"^#", "##", rest, flags=re.MULTILINE)  # below the heading of the page
    linked = LINK.sub(lambda found: f"]({reverse('desk:help-of', args=[found[1]])})", shifted)
    return first.lstrip("# "), mark_safe(_reader().render(linked))


def title_of(name: str) -> str:
    return help_of(name)[0]


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    renderer: Any = reader.renderer
    rules = renderer.rules
    rules["table_open"] = lambda *_: TABLE
    rules["table_close"] = lambda *_: "</table></div>"
    rules["code_inline"] = lambda tokens, at, *_: f"<kbd>{escape(tokens[at].content)}</kbd>"
    return reader
