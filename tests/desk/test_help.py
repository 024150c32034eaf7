"""Every role has a help page, and it speaks of what exists (ARCHITECTURE §3)."""

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from apps.accounts.choices import Role
from apps.desk.help import DOCS, FOLDER, TOPICS, help_of
from tests.factories import make_user

HELP = reverse("desk:help")


def test_every_role_has_a_page_and_every_page_a_role():
    assert set(TOPICS.values()) == set(Role)
    there = {path.name for path in [*FOLDER.iterdir(), DOCS / "setup.zh.md"]}
    assert there == {f"{name}.zh.md" for name in TOPICS}


@pytest.mark.parametrize("name", TOPICS)
def test_a_page_is_whole(name):
    title, text = help_of(name)
    assert re.search("使用说明|新店开张", title)
    assert "<h3>" in text and not re.search(r"<h[12]>", text)
    assert "| ---" not in text  # a table that is none


@pytest.mark.django_db
def test_one_begins_with_ones_own_and_may_read_the_others(client, store):
    client.force_login(make_user("both", store, Role.CARE_SPECIALIST, Role.ADMINISTRATION))
    page = client.get(HELP)

    assert page.context["name"] == "specialist"
    own = [name for name, _title in page.context["own"]]
    assert own == ["specialist", "ssi_specialist", "administration"]
    there = reverse("desk:help-of", args=["setup"])
    assert f'href="{there}"' in help_of("system_administrator")[1]
    assertContains(client.get(there), "从空店到第一个工作日")
    assertContains(page, "三日三时段")
    assertContains(page, "<kbd>N</kbd>", html=True)
    assertContains(client.get(reverse("desk:help-of", args=["advisor"])), "服务顾问使用说明")
    for nothing in ("nobody", "..", "README"):
        assert client.get(reverse("desk:help-of", args=[nothing])).status_code == 404


@pytest.mark.django_db
def test_help_is_one_click_away_for_everybody(client, store):
    client.force_login(make_user("office", store, Role.ADMINISTRATION))
    assertContains(client.get(reverse("desk:home")), f'href="{HELP}"')


def test_what_looks_like_html_in_a_page_stays_text(tmp_path, monkeypatch):
    (tmp_path / "advisor.zh.md").write_text("# 题使用说明\n\n<script>1</script> `<b>`\n", "utf-8")
    monkeypatch.setattr("apps.desk.help.FOLDER", tmp_path)
    _title, text = help_of.__wrapped__("advisor")
    assert "<script>" not in text and "<b>" not in text
