"""Holidays ahead and weather warnings make drafts (CARE-06)."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from apps.care.actions.occasions import draft_holidays, warn_of_weather
from apps.care.campaign_choices import WarningLevel, Weather
from apps.care.campaign_policy import check_text
from apps.care.models import Campaign
from apps.care.occasions import LEVELS, WEATHER, holidays_from, weather_notice
from apps.core.errors import Refused
from apps.customers.choices import Purpose
from tests.factories import NOW, SHANGHAI, TODAY

DAY = timedelta(days=1)


def days_of(year):
    found = holidays_from(date(year, 1, 1), date(year, 12, 31))
    return {one.name.removesuffix("问候"): one.on for one in found}


def test_the_holidays_of_a_year_lunar_ones_too():
    assert days_of(2027) == {
        "元旦": date(2027, 1, 1),
        "春节": date(2027, 2, 6),
        "元宵节": date(2027, 2, 20),
        "清明节": date(2027, 4, 5),
        "劳动节": date(2027, 5, 1),
        "端午节": date(2027, 6, 9),
        "中秋节": date(2027, 9, 15),
        "国庆节": date(2027, 10, 1),
        "重阳节": date(2027, 10, 8),
    }


def test_mid_autumn_on_the_national_day_is_greeted_as_both():
    both = holidays_from(date(2020, 10, 1), date(2020, 10, 1))  # 中秋节 and 国庆节
    assert {one.name for one in both} == {"中秋节问候", "国庆节问候"}


def test_every_text_that_is_written_by_itself_may_be_sent():
    notices = [weather_notice("上海", kind, level, TODAY) for kind in WEATHER for level in LEVELS]
    for one in [*holidays_from(date(2027, 1, 1), date(2027, 12, 31)), *notices]:
        check_text(one.text, Purpose.MARKETING)
    assert set(WEATHER) == set(Weather)
    assert set(LEVELS) == set(WarningLevel)


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "drafts"), [(24, 0), (25, 2), (31, 2)])
def test_a_week_before_each_store_has_a_draft(store, other_store, day, drafts):
    now = datetime(2026, 12, day, 9, tzinfo=SHANGHAI)
    assert draft_holidays(now=now) == drafts
    assert draft_holidays(now=now) == 0
    rows = Campaign.objects.filter(store=store)
    assert [(row.name, row.send_on, row.status, row.written_by) for row in rows] == [
        ("元旦问候", date(2027, 1, 1), "draft", None)
    ][: drafts // 2]


@pytest.mark.django_db
def test_a_draft_that_was_called_off_does_not_come_again(store):
    now = datetime(2026, 12, 30, 9, tzinfo=SHANGHAI)
    draft_holidays(now=now)
    Campaign.objects.update(status="cancelled")
    assert draft_holidays(now=now + DAY) == 0


def warn(store, by, **fields):
    said = {"city": "上海", "kind": Weather.RAIN, "level": WarningLevel.ORANGE, "on": TODAY}
    return warn_of_weather(store, by=by, now=NOW, **(said | fields))


@pytest.mark.django_db
def test_a_warning_becomes_a_draft_for_local_customers_once(store, specialist):
    row = warn(store, specialist)
    assert (row.name, row.kind, row.status) == ("上海 暴雨橙色预警", "weather", "draft")
    assert row.filters == {"locality": "local"}
    assert "上海11月23日发布暴雨橙色预警" in row.text
    assert warn(store, specialist) == row
    assert warn(store, specialist, city="苏州").filters == {}


@pytest.mark.django_db
@pytest.mark.parametrize("on", [TODAY - DAY, TODAY + 8 * DAY])
def test_a_warning_of_a_day_that_is_over_or_far_is_refused(store, specialist, on):
    with pytest.raises(Refused):
        warn(store, specialist, on=on)
    assert not Campaign.objects.exists()


@pytest.mark.django_db
def test_a_warning_is_typed_on_its_page(client, store, specialist, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(specialist)
    typed = {"city": "上海", "kind": "snow", "level": "red", "on": "2026-11-24"}
    answer = client.post(reverse("care:campaign-weather"), typed)
    row = Campaign.objects.get()
    assert answer["Location"] == reverse("care:campaign", args=[row.pk])
    assert (row.name, row.send_on) == ("上海 暴雪红色预警", TODAY + DAY)
    assert client.post(reverse("care:campaign-weather"), typed | {"on": ""}).status_code == 422
