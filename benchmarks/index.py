"""The index over 1,000,000 responses of 8 factors each, and the page of one store's month.

The month analysis (index by month, factors, teams, consultants, models of cars) of all stores
and months at once against SQL by hand that gives the same numbers: how many, mean, spread and lean
(of which the interval is made), how many low. The page against its own
statements sent bare, as the pages of analysis.
"""

from collections import Counter
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.choices import Role
from apps.accounts.models import Store, Team, User
from apps.core.dates import add_months
from apps.desk.actions import add_store
from apps.reception.models import CarModel
from apps.ssi.figures import scores
from apps.ssi.figures.scope import Scope
from apps.ssi.figures.spans import Span
from apps.ssi.models import SurveyModel, SurveyQuestion, SurveyStandard
from benchmarks import common
from benchmarks.analysis import page

RESPONSES, STORES, MONTHS = 1_000_000, 20, 26
FACTORS, CONSULTANTS, TEAMS, MODELS, CUSTOMERS = 8, 12, 3, 10, 1_000
CODE = "source_eight"
LOW = 600
RESPONSES_BY_HAND = """
    SELECT model_id, date_trunc('month', "on")::date, "on" >= %(middle)s, team_id, consultant_id,
        consultant_name, car_model_id, count(*), avg(score), stddev_samp(score),
        avg(score * score * score)
      FROM ssi_response
     WHERE store_id = ANY(%(stores)s) AND "on" BETWEEN %(first)s AND %(last)s
       AND status = 'done' AND score IS NOT NULL
     GROUP BY GROUPING SETS ((model_id, date_trunc('month', "on")::date),
        (team_id, "on" >= %(middle)s), (consultant_id, consultant_name, "on" >= %(middle)s),
        (car_model_id, "on" >= %(middle)s))"""
FACTORS_BY_HAND = """
    SELECT factor_id, "on" >= %(middle)s, count(*), avg(told.score), stddev_samp(told.score),
        avg(told.score * told.score * told.score), count(*) FILTER (WHERE told.score < %(low)s)
      FROM ssi_factorscore AS told
      JOIN ssi_response AS response ON response.id = response_id
     WHERE store_id = ANY(%(stores)s) AND "on" BETWEEN %(first)s AND %(last)s
       AND status = 'done' AND response.score IS NOT NULL
     GROUP BY 1, 2"""


def run() -> list[dict[str, Any]]:
    with common.fresh_database("index"):
        today = timezone.localdate()
        stores = [add_store(f"B{n:02}", f"测试店{n}") for n in range(STORES)]
        each = common.scaled(RESPONSES) // STORES
        for place, store in enumerate(stores):
            lives(store, place * each, each, today, whole=not place)
        common.settle()
        manager = User.objects.create(
            username="manager", store=stores[0], roles=[Role.CARE_MANAGER]
        )
        client = Client(headers={"host": "127.0.0.1"})
        client.force_login(manager)
        told = f"{each // MONTHS:,} responses a month"
        rows = [by_hand(stores, today)]
        for name, url in PAGES.items():
            rows += page(client, f"{name}, {told}", url)[:1]  # the ratio only
        return rows


PAGES = {
    "scores, a month": reverse("ssi:scores"),
    "scores, twelve months": reverse("ssi:scores") + "?months=12",
}


def lives(store: Store, before: int, count: int, today: date, *, whole: bool) -> None:
    """``count`` responses over the months; with ``whole`` also their answers and customers."""
    models = SurveyModel.objects.filter(store=store)
    now = models.get(of_buyers=True, effective_from__isnull=False)
    begun, now.effective_from = now.effective_from, None
    now.save(update_fields=["effective_from"])
    model = models.get(code=CODE)
    model.effective_from = begun
    model.save(update_fields=["effective_from"])
    people = [
        User.objects.create(username=f"{store.code}{n}", name=f"顾问{n}", store=store)
        for n in range(CONSULTANTS)
    ]
    teams = [Team.objects.create(store=store, name=f"{n}组") for n in range(TEAMS)]
    cars = [CarModel.objects.create(store=store, brand="演示", name=f"{n}") for n in range(MODELS)]
    first, days = add_months(today.replace(day=1), 1 - MONTHS), 30 * MONTHS - 15
    on = f"date '{first}' + n % {days}"
    factors = list(model.factors.values_list("pk", flat=True))
    of = f"{before} + (n - 1) / {FACTORS} + 1"
    with common.seeding():
        if whole:
            common.seed_cars(store, CUSTOMERS)
        common.insert_series(
            "ssi_response", count, id=f"{before} + n", store_id=str(store.pk),
            model_id=str(model.pk), round="'first'", customer_id=f"1 + n % {CUSTOMERS}",
            delivery_id=f"{before} + n", status="'done'", spoken_seconds="300",
            started_at=f"{on}", ended_at=f"{on}", on=on, consultant_name="''",
            consultant_id=_one_of(people), team_id=_one_of(teams), car_model_id=_one_of(cars),
            interviewer_id=str(people[0].pk), score="700 + (n * 7919 % 30000) / 100.0",
        )  # fmt: skip
        common.insert_series(
            "ssi_factorscore", count * FACTORS, response_id=of,
            factor_id=f"(ARRAY{factors}::bigint[])[1 + n % {FACTORS}]",
            score="550 + (n::bigint * 104729 % 45000) / 100.0",
        )  # fmt: skip
        if whole:
            _answers(store, model, before, count)


def _one_of(rows: list[Any]) -> str:
    return f"(ARRAY{[row.pk for row in rows]}::bigint[])[1 + n * 31 % {len(rows)}]"


def _answers(store: Store, model: SurveyModel, before: int, count: int) -> None:
    asked = list(SurveyQuestion.objects.filter(factor__model=model).values_list("pk", flat=True))
    judged = list(SurveyStandard.objects.filter(model=model).values_list("pk", flat=True))
    for table, pks, column, value in (
        ("ssi_answer", asked, "question_id", {"value": "4 + n * 31 % 7", "at": "now()"}),
        ("ssi_standardanswer", judged, "standard_id", {"kept": "n % 9 > 0"}),
    ):
        common.insert_series(
            table, count * len(pks), store_id=str(store.pk),
            response_id=f"{before} + (n - 1) / {len(pks)} + 1",
            **{column: f"(ARRAY{pks}::bigint[])[1 + n % {len(pks)}]"}, **value,
        )  # fmt: skip


def by_hand(stores: list[Store], today: date) -> dict[str, Any]:
    """Every response and factor score at once: the same numbers."""
    ids = [store.pk for store in stores]
    scope, span = Scope(tuple(ids)), Span.of(today, MONTHS // 2)
    told = {"stores": ids, "first": span.before.first, "middle": span.first, "last": span.last}

    def ours() -> Any:
        return (
            scores.by_month(scope, span),
            scores.by_groups(scope, span),
            scores.by_factor(scope, span, LOW),
        )

    def limit() -> Any:
        with connection.cursor() as cursor:
            cursor.execute(RESPONSES_BY_HAND, told)
            groups = cursor.fetchall()
            cursor.execute(FACTORS_BY_HAND, told | {"low": LOW})
            return groups, cursor.fetchall()

    _same(ours(), limit())
    name = f"month analysis of {RESPONSES:,} responses of {FACTORS} factors"
    return common.side_by_side(name, ours, limit, bar=1.3, times=3)


def _same(ours: Any, limit: Any) -> None:
    months, found, factors = ours
    groups, by_factor = limit
    counted = Counter(
        "month" if row[0] else "team" if row[3] else "consultant" if row[4] else "car"
        for row in groups
    )
    if counted["month"] != sum(map(len, months.values())):
        raise AssertionError(f"{counted} groups by hand")
    by_month = {(row[0], row[1]): row[7:] for row in groups if row[0]}
    for model, of in months.items():
        for month, mean in of.items():
            _equal(mean, by_month[model, month])
    for told, column in ((found.teams, 3), (found.consultants, 4), (found.car_models, 6)):
        rows = [row for row in groups if row[column] and not row[0]]
        for row in rows:
            key = (row[4], "") if column == 4 else row[column]
            _equal(told[key].now if row[2] else told[key].before, row[7:])
        if len(rows) != sum((one.now.n > 0) + (one.before.n > 0) for one in told.values()):
            raise AssertionError(f"{len(rows)} by hand, {len(told)} by ours")
    for pk, is_now, number, mean, deviation, cube, low in by_factor:
        own = factors[pk].now if is_now else factors[pk].before
        _equal(own, (number, mean, deviation, cube))
        if own.low != low:
            raise AssertionError(f"{low} low by hand, {own.low} by ours")


def _equal(own: Any, told: Any) -> None:
    number, mean, deviation, cube = told
    near = abs(own.mean - float(mean)) < 1e-6 and abs(own.deviation - float(deviation)) < 1e-6
    near = near and abs(float(own.cubes / own.n) / float(cube) - 1) < 1e-9
    if own.n != number or not near:
        raise AssertionError(f"{told} by hand, {own} by ours")
