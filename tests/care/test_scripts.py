"""Script versions and the store's numbers by date (CARE-01, CARE-21)."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Slot
from apps.care.actions.scripts import add_script
from apps.care.choices import CallKind, Result
from apps.care.figures import scripts as figures
from apps.care.models import Attempt, CarePolicy, Script
from apps.core.errors import Refused
from tests.factories import NOW, make_call

NEW = {"kind": "birthday", "text": "{name}{title}，生日快乐！", "points": "祝福\n\n再见"}
NUMBERS = {
    "maintenance_lead_days": 7,
    "at_risk_days": 30,
    "churn_from_days": 90,
    "churn_until_days": 360,
    "churn_rest_days": 90,
    "lapse_days": 31,
    "hold_minutes": 15,
    "birthday_within_minutes": 120,
    "follow_up_days": 3,
    "credit_days": 5,
    "campaigns_a_month": 3,
    "first_service_return_days": 31,
    "maintenance_return_days": 30,
    "measure_days": 60,
    "warn_first_at": "10:00",
    "warn_again_at": "15:00",
    "rate_line": 95,
    "sample_percent": 60,
    "sample_due_day": 15,
    "warranty_opens_days": 45,
    "inspection_years": "2, 4, 6, 8, 10",
    "inspection_opens_months": 1,
    "inspection_lead_days": 7,
    "insurance_opens_months": 2,
    "insurance_lead_days": 30,
    "ssi_second_from_months": 3,
    "ssi_second_until_months": 8,
    "effective_from": "2026-11-24",
}


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


def versions(store):
    rows = Script.objects.filter(store=store, kind=CallKind.BIRTHDAY).order_by("version")
    return list(rows.values_list("version", "text", "points"))


def test_a_new_version_is_in_use_and_the_old_one_stays(client, store, manager):
    [old] = versions(store)
    client.force_login(manager)
    data = NEW | {"form_token": uuid4()}

    for _double_click in range(2):
        response = client.post(reverse("care:script-new"), data)
        new = Script.objects.get(store=store, kind="birthday", version=2)
        assertRedirects(response, reverse("care:script", args=[new.pk]))

    assert versions(store) == [old, (2, NEW["text"], ["祝福", "再见"])]
    assert new.made_by == manager


def test_the_same_text_again_is_no_version(store, manager):
    words = {"kind": "birthday", "text": "生日快乐", "points": [], "by": manager}
    add_script(store, **words)
    with pytest.raises(Refused, match="相同"):
        add_script(store, **words)
    assert len(versions(store)) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": "{nmae}"}, "{nmae}"),
        ({"text": "{name"}, "不成对"),
        ({"text": ""}, "必填"),
        ({"points": "要点\n" * 10}, "最多勾选 9 条"),
        ({"points": "长" * 61}, "最多 60 个字"),
    ],
)
def test_a_script_that_cannot_be_read_out_is_refused(client, store, manager, change, words):
    client.force_login(manager)
    response = client.post(reverse("care:script-new"), NEW | change)
    assertContains(response, words, status_code=422)
    assert len(versions(store)) == 1


def test_a_script_is_looked_at_before_it_is_used(client, store, manager):
    client.force_login(manager)
    response = client.post(reverse("care:script-new"), NEW | {"preview": "1"})
    assertContains(response, "<b>张三丰</b><b>先生</b>，生日快乐！")
    assert len(versions(store)) == 1


def test_each_version_shows_how_often_it_was_used_reached_and_booked(
    client, store, other_store, manager, specialist
):
    old = Script.objects.get(store=store, kind="first_service")
    theirs = Script.objects.get(store=other_store, kind="first_service")
    results = [Result.BOOKED, Result.NOT_YET, Result.NO_ANSWER, Result.EMPTY_NUMBER]
    for place, used in ((store, old), (other_store, theirs)):
        for result in [*results, Result.SPOKEN_TO]:
            Attempt.objects.create(
                store=place,
                call=make_call(place),
                by=specialist,
                at=NOW,
                slot=Slot.MORNING,
                counted=False,
                result=result,
                script=used,
            )
    new = add_script(store, kind="first_service", text="新话术", points=[], by=manager)

    assert figures.script_figures(manager) == {
        old.pk: {"script": old.pk, "used": 4, "reached": 2, "booked": 1}
    }
    client.force_login(specialist)
    page = client.get(reverse("care:script", args=[new.pk]))
    assert [(c["script"], c["used"]) for c in page.context["cards"]] == [(new, 0), (old, 4)]
    assertContains(page, "新话术")
    assertContains(client.get(reverse("care:scripts")), "50%", count=2)


def test_another_stores_script_does_not_exist(client, store, other_store, specialist):
    Script.objects.filter(store=other_store).update(text="他店话术")
    client.force_login(specialist)
    theirs = Script.objects.filter(store=other_store).first()
    assert client.get(reverse("care:script", args=[theirs.pk])).status_code == 404
    assertNotContains(client.get(reverse("care:scripts")), "他店话术")


def test_new_numbers_hold_from_their_day(client, store, manager):
    client.force_login(manager)
    response = client.post(reverse("care:policy-new"), NUMBERS)
    assertRedirects(response, reverse("care:policy"))
    rows = CarePolicy.objects.filter(store=store).order_by("effective_from")
    assert list(rows.values_list("effective_from", "hold_minutes")) == [
        (date(2000, 1, 1), 20),
        (date(2026, 11, 24), 15),
    ]
    page = client.get(reverse("care:policy"))
    for words in ("当前生效", "2026-11-24 起", "CARE-14", "2, 4, 6, 8, 10，以后每年"):
        assertContains(page, words)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"effective_from": "2026-11-23"}, 409),
        ({"churn_until_days": 90}, 422),
        ({"hold_minutes": 0}, 422),
        ({"hold_minutes": "many"}, 422),
        ({"lapse_days": -1}, 422),
    ],
)
def test_numbers_that_cannot_be_change_nothing(client, store, manager, change, status):
    client.force_login(manager)
    response = client.post(reverse("care:policy-new"), NUMBERS | change)
    assertContains(response, 'role="alert"', status_code=status)
    assert CarePolicy.objects.filter(store=store).count() == 1


def test_two_rows_for_one_day_are_refused(client, store, manager):
    client.force_login(manager)
    client.post(reverse("care:policy-new"), NUMBERS)
    response = client.post(reverse("care:policy-new"), NUMBERS | {"hold_minutes": 99})
    assertContains(response, "该日已有新参数", status_code=409)
    assert not CarePolicy.objects.filter(hold_minutes=99).exists()
