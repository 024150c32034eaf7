"""Receptions watched by the manager, and what is weak in them (REC-09)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.checklists.models import ChecklistRun
from apps.checklists.policy import Said
from apps.core.errors import Refused
from apps.reception.actions.self_checks import watch_reception
from apps.reception.models import SelfCheck
from apps.reception.queries import self_checks as queries
from tests.factories import NOW, TODAY, make_user
from tests.reception.driving import make_check, points_of, seller_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten")]
MONTH = TODAY.replace(day=1)
DAY = timedelta(days=1)


@pytest.fixture
def at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss(client, store):
    user = make_user(f"boss_{store.code}", store, Role.SALES_MANAGER)
    client.force_login(user)
    return user


def url(name, *args):
    return reverse(f"reception:{name}", args=args)


def refused(function, *args, **kwargs):
    with override("en"), pytest.raises(Refused) as refusal, transaction.atomic():
        function(*args, **kwargs)
    assert not SelfCheck.objects.exists()
    assert not ChecklistRun.objects.exists()
    return str(refusal.value)


def weak(rows):
    return [(one.text[:6], one.missed, one.seen, one.percent) for one in queries.weak_points(rows)]


def test_a_store_starts_with_the_sixteen_points_of_the_source(store):
    texts = [item.text for item in points_of(store)]
    assert (len(texts), texts[0], texts[15]) == (
        16,
        "销售顾问或保安主动引导客户停车",
        "态度始终热情",
    )


def test_what_was_seen_is_kept_and_what_was_not_counts_for_nothing(store, boss):
    row = make_check(store, lacking=(4, 11), unseen=(1, 14), note="下雨")
    assert (row.seen, row.weak, row.by, row.note) == (14, 2, boss, "下雨")
    assert row.run.subject == f"{row.consultant_id}/1"
    assert make_check(store).run.subject == f"{row.consultant_id}/2"
    assert weak(queries.checks(boss, MONTH).filter(pk=row.pk)) == [
        ("自我介绍，选", 1, 1, 100),
        ("积极提供饮料", 1, 1, 100),
    ]


def test_who_is_no_consultant_of_the_store_is_not_watched_nor_oneself(store, other_store, boss):
    said = {points_of(store)[0].pk: Said(True)}
    stranger = make_user("far", other_store, Role.SALES_CONSULTANT)
    advisor = make_user("advisor", store, Role.SERVICE_ADVISOR)
    both = make_user("both", store, Role.SALES_CONSULTANT, Role.SALES_MANAGER)
    seller = seller_of(store)
    for who, by, seen, words in (
        (stranger, boss, said, "another store"),
        (advisor, boss, said, "Only receptions"),
        (both, both, said, "watches himself"),
        (seller, boss, {}, "at least one point"),
    ):
        assert words in refused(watch_reception, who, seen, by=by, now=NOW)
    row = make_check(store)
    with pytest.raises(IntegrityError), transaction.atomic():
        SelfCheck.objects.filter(pk=row.pk).update(by=row.consultant)


def test_weak_points_are_ranked_by_how_often_they_lack_when_seen(store, other_store, boss):
    make_check(other_store, lacking=(16,))
    make_check(store, lacking=(2, 11))
    make_check(store, lacking=(11,), unseen=(2,))
    make_check(store, lacking=(11, 4))

    rows = queries.checks(boss, MONTH)

    assert weak(rows) == [
        ("积极提供饮料", 3, 3, 100),
        ("销售顾问或前", 1, 2, 50),
        ("自我介绍，选", 1, 3, 33),
    ]


def test_each_consultant_has_his_own_ranking_and_month(store, boss):
    lazy, keen = seller_of(store, "lazy"), seller_of(store, "keen")
    make_check(store, lazy, lacking=(1, 2, 3, 4))
    make_check(store, keen, lacking=())
    make_check(store, keen, lacking=(16,))
    old = make_check(store, keen, lacking=(8,))
    SelfCheck.objects.filter(pk=old.pk).update(at=NOW - 40 * DAY)

    found = queries.by_consultant(queries.checks(boss, MONTH))

    assert [(one.name, one.receptions, one.seen, one.weak, one.percent) for one in found] == [
        (lazy.name, 1, 16, 4, 75),
        (keen.name, 2, 32, 1, 97),
    ]
    of_keen = queries.asked_for(boss, {"consultant": str(keen.pk)}, TODAY)
    assert weak(of_keen) == [("态度始终热情", 1, 2, 50)]
    october = queries.asked_for(boss, {"month": "2026-10"}, TODAY)
    assert weak(october) == [("热情地同客户", 1, 1, 100)]


def test_the_number_behind_a_point_leads_to_its_receptions(client, store, boss):
    first = make_check(store, lacking=(11,))
    make_check(store, lacking=(12,))
    page = client.get(url("self-check-list"))
    point = next(one for one in page.context["weak"] if one.text.startswith("积极提供"))
    assertContains(page, f"?point={point.item}")

    narrowed = client.get(url("self-check-list"), {"point": point.item})

    assert narrowed.context["rows"] == [first]
    assert len(narrowed.context["weak"]) == 2  # the ranking stays whole


def test_the_manager_watches_and_the_consultant_reads_his_own(client, store, boss):
    seller, other = seller_of(store), seller_of(store, "other")
    told = {"consultant": seller.pk, "note": "周末高峰"}
    told |= {f"seen-{item.pk}": "yes" for item in points_of(store)}
    lacking, unseen = points_of(store)[10], points_of(store)[0]
    told |= {
        f"seen-{lacking.pk}": "no",
        f"remark-{lacking.pk}": "没有倒水",
        f"seen-{unseen.pk}": "",
    }
    assert client.post(url("self-check-new"), told | {"consultant": ""}).status_code == 422
    assert client.post(url("self-check-new"), {"consultant": seller.pk}).status_code == 409
    assert not SelfCheck.objects.exists()

    answer = client.post(url("self-check-new"), told)

    row = SelfCheck.objects.get()
    assertRedirects(answer, url("self-check", row.pk))
    assert (row.seen, row.weak, row.unseen) == (15, 1, [unseen.pk])
    client.force_login(seller)
    assertContains(client.get(url("self-check", row.pk)), "没有倒水")
    assert client.get(url("self-check-list")).context["rows"] == [row]
    assert client.get(url("self-check-new")).status_code == 403
    client.force_login(other)
    assert client.get(url("self-check", row.pk)).status_code == 404
    page = client.get(url("self-check-list"), {"consultant": seller.pk})
    assert (page.context["rows"], page.context["weak"], page.context["people"]) == ([], [], [])
    assertNotContains(page, seller.name)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    client, store, other_store, boss, rows, django_assert_num_queries
):
    make_check(other_store)
    for _n in range(rows):
        make_check(store)
    with django_assert_num_queries(11):
        page = client.get(url("self-check-list"))
    assert len(page.context["rows"]) == rows


@pytest.mark.parametrize("month", ["never", "2027-01", "2026-13", ""])
def test_a_month_that_cannot_be_shown_is_this_one(client, store, boss, month):
    row = make_check(store)
    assert client.get(url("self-check-list"), {"month": month}).context["rows"] == [row]


def test_the_receptions_of_a_month_are_taken_out(client, store, other_store, boss):
    make_check(other_store)
    make_check(store, note="=1+1")
    told = {"format": "csv", "query": "month=2026-11", "reason": "月报"}
    answer = client.post(reverse("desk:export", args=["reception:self-check-list"]), told)
    lines = list(csv.reader(StringIO(b"".join(answer).decode("utf-8-sig"), newline="")))
    assert [line[3:6] for line in lines[1:]] == [["16", "1", "'=1+1"]]
