"""Many targets on one page, all or none (REP-07)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.choices import Role
from apps.reports.models import FigureTarget
from tests.factories import make_user

PAGE = "reports:targets-new"


@pytest.fixture
def boss(client, store):
    client.force_login(make_user("boss", store, Role.GENERAL_MANAGER))
    return client


def day(ahead):
    return (timezone.localdate() + timedelta(days=ahead)).isoformat()


def rows(store):
    return dict(FigureTarget.objects.filter(store=store).values_list("figure", "target"))


def test_what_is_filled_in_is_set_for_ones_own_store(boss, store, other_store):
    typed = {"effective_from": day(1), "loans": "35.5", "ssi": "820", "churn": ""}

    assert boss.post(reverse(PAGE), typed).url == reverse("reports:targets")

    assert rows(store) == {"loans": Decimal("35.50"), "ssi": Decimal("820.00")}
    assert rows(other_store) == {}


@pytest.mark.parametrize("wrong", [{}, {"loans": "101"}, {"ssi": "1001"}, {"loans": "-1"}])
def test_nothing_or_what_cannot_be_is_told_and_nothing_is_written(boss, store, wrong):
    answer = boss.post(reverse(PAGE), {"effective_from": day(1)} | wrong)

    assert answer.status_code == 422
    assert rows(store) == {}


def test_one_that_stands_for_the_day_refuses_all(boss, store):
    boss.post(reverse(PAGE), {"effective_from": day(1), "ssi": "800"})

    answer = boss.post(reverse(PAGE), {"effective_from": day(1), "loans": "40", "ssi": "820"})

    assert answer.status_code == 409
    assert rows(store) == {"ssi": Decimal("800.00")}


def test_today_is_refused(boss, store):
    assert boss.post(reverse(PAGE), {"effective_from": day(0), "loans": "40"}).status_code == 409
    assert rows(store) == {}
