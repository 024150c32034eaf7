"""A month's insurance calls are drawn once, verified with the customer, and shown (CARE-09)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import Role
from apps.care import policy
from apps.care.actions.answers import Checked
from apps.care.actions.claim import claim_next
from apps.care.actions.planning import tidy
from apps.care.actions.results import Outcome, Talk, record
from apps.care.actions.sampling import draw_samples
from apps.care.choices import CallKind, CallStatus, EndReason, Finding, Result
from apps.care.models import Call, CarePolicy, InsuranceCheck, InsuranceSample
from apps.care.queries import sampling
from apps.core.errors import Refused
from apps.customers import actions as customers
from apps.customers.choices import Fate
from apps.desk import invariants
from apps.desk.exporting import LISTINGS
from tests.care.samples import DRAWN_AT, MADE_AT, OCTOBER, drawn, made
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import NOW, SHANGHAI, TODAY, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def seller(store):
    """Who makes the insurance calls."""
    return make_user("zhao_lei", store, Role.INSURANCE_SPECIALIST)


def midnight(year, month, day):
    return datetime(year, month, day, tzinfo=SHANGHAI)


def test_sixty_per_cent_of_the_months_calls_are_drawn_and_owed_to_care(
    store, other_store, seller, specialist, other_specialist
):
    calls = [made(store, seller) for _n in range(11)]
    strange = made(other_store)

    sample = drawn(store)

    assert sample.population == [call.pk for call in calls]
    assert (sample.share, sample.seed, sample.drawn_at) == (60, 7, DRAWN_AT)
    checks = list(InsuranceCheck.objects.select_related("call", "sampled"))
    assert [check.sampled_id for check in checks] == policy.drawn(7, sample.population, 60)
    assert (len(checks), strange.pk in sample.population) == (7, False)
    for check in checks:
        call = check.call
        assert (call.kind, call.cycle) == (CallKind.INSURANCE_CHECK, str(check.sampled_id))
        assert (call.customer, call.vehicle) == (check.sampled.customer, check.sampled.vehicle)
        assert (call.event_on, call.opens_on, call.due_on) == (
            MADE_AT.date(),
            DRAWN_AT.date(),
            date(2026, 11, 15),
        )
        assert (call.status, call.made_up, check.specialist) == ("waiting", False, seller)
        assert (check.finding, check.by, check.at) == ("", None, None)
    owners = [check.call.owner for check in checks]
    assert owners == [specialist, other_specialist] * 3 + [specialist]
    assert invariants.broken() == {}


def test_the_months_calls_are_those_that_ended_in_it_or_were_due_in_it(store):
    def call(due_on, ended_at, **fields):
        return made(store, due_on=due_on, ended_at=ended_at, **fields).pk

    in_time = call(date(2026, 10, 31), midnight(2026, 9, 3))  # before the month began
    last_minute = call(date(2026, 10, 1), midnight(2026, 11, 1) - timedelta(seconds=1))
    late = call(date(2026, 9, 30), midnight(2026, 10, 1))
    failed = call(date(2026, 10, 5), MADE_AT, status=CallStatus.FAILED, result="")
    call(date(2026, 9, 30), midnight(2026, 9, 30))  # September's
    call(date(2026, 11, 1), MADE_AT)  # November's
    too_late = call(date(2026, 10, 31), midnight(2026, 11, 1))  # November's
    made(store, status=CallStatus.LAPSED, result="")
    made(store, status=CallStatus.WAITING, result="", ended_at=None)
    made(store, kind=CallKind.INSPECTION)

    assert drawn(store).population == [in_time, last_minute, late, failed]
    november = drawn(store, date(2026, 11, 1), now=midnight(2026, 12, 1))
    assert too_late in november.population
    assert set(november.population).isdisjoint([in_time, last_minute, late, failed])


def test_who_may_not_be_contacted_any_more_is_not_drawn(store, seller):
    there, refuses, stopped = (made(store, seller) for _n in range(3))
    refuses.customer.refuses_service = True
    refuses.customer.save()
    customers.stop_contact(
        stopped.customer, stopped.vehicle, CallKind.INSURANCE, "不要再打", by=seller, now=NOW
    )

    assert drawn(store).population == [there.pk]


def test_a_month_is_drawn_once_and_never_again(store, seller):
    for _n in range(5):
        made(store, seller)
    first = drawn(store)
    checks = list(InsuranceCheck.objects.values_list("sampled", flat=True))

    assert drawn(store, seed=8) is None

    assert list(InsuranceSample.objects.values_list("pk", "seed")) == [(first.pk, 7)]
    assert list(InsuranceCheck.objects.values_list("sampled", flat=True)) == checks
    for change in ({"seed": 8}, {"population": []}, {"share": 1}):
        with pytest.raises(InternalError), transaction.atomic():
            InsuranceSample.objects.update(**change)
    with pytest.raises(InternalError), transaction.atomic():
        InsuranceSample.objects.all()._raw_delete("default")
    with pytest.raises(IntegrityError), transaction.atomic():
        InsuranceSample.objects.create(
            store=store, month=OCTOBER, seed=1, share=60, drawn_at=DRAWN_AT
        )


def test_a_month_that_has_not_ended_is_refused(store, seller):
    made(store, seller)

    with pytest.raises(Refused):
        drawn(store, now=midnight(2026, 10, 31))

    assert not InsuranceSample.objects.exists()
    assert not Call.objects.filter(kind=CallKind.INSURANCE_CHECK).exists()


def test_the_stores_numbers_of_the_first_day_decide(store, seller):
    CarePolicy.objects.create(
        store=store, effective_from=date(2026, 11, 1), sample_percent=80, sample_due_day=20
    )
    CarePolicy.objects.create(store=store, effective_from=date(2026, 11, 2), sample_percent=10)
    for _n in range(10):
        made(store, seller)

    assert drawn(store, now=DRAWN_AT + 3 * DAY).share == 80

    assert InsuranceCheck.objects.count() == 8
    assert {check.call.due_on for check in InsuranceCheck.objects.all()} == {date(2026, 11, 20)}


def test_drawn_after_an_outage_its_calls_are_made_up(store, seller):
    made(store, seller)

    drawn(store, now=midnight(2026, 11, 16))

    assert Call.objects.get(kind=CallKind.INSURANCE_CHECK).made_up


def test_nobody_verifies_his_own_call_when_another_is_there(store, specialist, other_specialist):
    for _n in range(5):
        made(store, specialist)

    drawn(store)

    assert {check.call.owner for check in InsuranceCheck.objects.all()} == {other_specialist}


def test_the_clock_draws_the_months_that_are_missing(store, other_store, seller):
    made(store, seller)
    assert draw_samples(now=DRAWN_AT) == 2
    assert draw_samples(now=DRAWN_AT + DAY) == 0
    assert set(InsuranceSample.objects.values_list("month", flat=True)) == {OCTOBER}

    assert draw_samples(now=midnight(2027, 1, 4)) == 4  # November, December in two stores

    seeds = InsuranceSample.objects.values_list("seed", flat=True)
    assert len(set(seeds)) == 6
    assert invariants.broken() == {}


def test_in_the_first_hour_the_month_may_still_be_written_to(store):
    drawn = draw_samples(now=midnight(2026, 11, 1) + timedelta(minutes=59))

    months = list(InsuranceSample.objects.values_list("month", flat=True))
    assert months == [date(2026, 9, 1)] * drawn
    assert InsuranceSample.objects.filter(store=store).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_machines_at_once_draw_once(store, seller):
    for _n in range(5):
        made(store, seller)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        first = drawn(store, seed=1)
        second = pool.submit(closing, drawn, store, seed=2)
        wait_until_someone_waits_for_a_lock()
        transaction.on_commit(lambda: None)
    assert second.result() is None

    assert list(InsuranceSample.objects.values_list("pk", "seed")) == [(first.pk, 1)]
    assert InsuranceCheck.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_without_the_look_the_unique_key_is_the_wall(store, seller, monkeypatch):
    """The control: who only inserts is stopped by the database, with nothing written."""
    made(store, seller)
    monkeypatch.setattr(
        "django.db.models.query.QuerySet.get_or_create",
        lambda self, defaults, **key: (self.create(**key, **defaults), True),
    )
    drawn(store, seed=1)

    with pytest.raises(IntegrityError):
        drawn(store, seed=2)

    assert InsuranceCheck.objects.count() == 1


def claimed(by, now=NOW):
    [call] = claim_next(by=by, now=now)
    return call


def verify(call, by, finding, text="", now=NOW):
    return record(
        by=by,
        now=now,
        claim=call.claim,
        talk=Talk(number=call.customer.main_phone),
        outcomes={call.pk: Outcome(result=Result.VERIFIED, said=Checked(finding, text))},
    )


def test_what_the_customer_says_is_kept_with_the_call_it_is_about(store, seller, specialist):
    sampled = made(store, seller)
    drawn(store)
    call = claimed(specialist)

    verify(call, specialist, Finding.OTHERWISE, "说的是另一家公司的价格")

    call.refresh_from_db()
    check = InsuranceCheck.objects.get()
    assert (call.status, call.result) == (CallStatus.REACHED, Result.VERIFIED)
    assert (check.call, check.sampled, check.specialist) == (call, sampled, seller)
    assert (check.finding, check.text) == (Finding.OTHERWISE, "说的是另一家公司的价格")
    assert (check.by, check.at) == (specialist, NOW)


@pytest.mark.parametrize(
    "said", [None, Checked("otherwise"), Checked("otherwise", " "), Checked("x")]
)
def test_an_answer_that_is_not_whole_is_refused_and_changes_nothing(
    store, seller, specialist, said
):
    made(store, seller)
    drawn(store)
    call = claimed(specialist)

    with pytest.raises(Refused):
        record(
            by=specialist,
            now=NOW,
            claim=call.claim,
            talk=Talk(),
            outcomes={call.pk: Outcome(result=Result.VERIFIED, said=said)},
        )

    call.refresh_from_db()
    assert (call.status, InsuranceCheck.objects.get().finding) == (CallStatus.CLAIMED, "")


def test_the_database_keeps_a_finding_whole(store, seller):
    made(store, seller)
    drawn(store)
    for half in ({"finding": "confirmed"}, {"text": "x"}, {"by": seller}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InsuranceCheck.objects.update(**half)


def test_a_verification_is_not_booked_and_other_calls_are_not_verified(store, seller, specialist):
    results = policy.results_for(CallKind.INSURANCE_CHECK)

    assert Result.VERIFIED in results
    assert {Result.BOOKED, Result.SOLD, Result.ELSEWHERE}.isdisjoint(results)
    assert Result.VERIFIED not in policy.results_for(CallKind.INSURANCE)


def test_no_fact_of_the_car_ends_a_verification_but_a_refusal_does(store, seller):
    made(store, seller), made(store, seller)
    drawn(store)
    gone, refuses = Call.objects.filter(kind=CallKind.INSURANCE_CHECK).order_by("pk")
    gone.vehicle.fate, gone.vehicle.in_workshop = Fate.SOLD_ON, True
    gone.vehicle.save()
    refuses.customer.refuses_service = True
    refuses.customer.save()

    tidy(on=TODAY, now=NOW)

    gone.refresh_from_db(), refuses.refresh_from_db()
    assert (gone.status, gone.moved_event_on) == (CallStatus.WAITING, None)
    assert (refuses.status, refuses.end_reason) == (CallStatus.WITHDRAWN, EndReason.STOPPED)


@pytest.fixture
def verified(store, other_store, seller, specialist):
    """Of ten calls six are drawn: two as recorded, one told otherwise, one failed, two open."""
    for one in (store, other_store):
        for _n in range(10):
            made(one, seller if one == store else None)
        drawn(one)
    for finding, text in (("confirmed", ""), ("otherwise", "没提到优惠"), ("confirmed", "")):
        verify(claimed(specialist), specialist, finding, text)
    failed = Call.objects.filter(
        kind=CallKind.INSURANCE_CHECK, store=store, status=CallStatus.WAITING
    ).first()
    Call.objects.filter(pk=failed.pk).update(status=CallStatus.FAILED, ended_at=NOW)
    return store


def page_of(client, **asked):
    with time_machine.travel(NOW, tick=False):
        return client.get(reverse("care:sample-list"), asked)


def test_the_page_counts_what_is_verified_and_each_number_opens_its_rows(
    client, verified, manager, seller
):
    client.force_login(manager)

    page = page_of(client)

    progress = page.context["progress"]
    assert (progress.population, progress.percent) == (10, 30)
    assert (progress.is_reached, progress.can_be_reached) == (False, False)
    numbers = {
        **{"drawn": 6, "verified": 3, "confirmed": 2, "differs": 1},
        **{"open": 2, "not_reached": 1, "withdrawn": 0},
    }
    assert progress.numbers == numbers
    [line] = page.context["lines"]
    assert (line.person, line.numbers) == (seller, numbers)
    for what, number in numbers.items():
        assert len(page_of(client, what=what, person=seller.pk).context["rows"]) == number
    assert len(page_of(client, what="drawn", person=0).context["rows"]) == 0
    assertContains(page_of(client, what="differs"), "没提到优惠")
    assertNotContains(page_of(client, what="confirmed"), "没提到优惠")
    assertContains(page, "30 %")
    assertContains(page_of(client, month="2026-11"), "2026-12-01")
    assertContains(page_of(client, month="2026-08"), "dice")


def test_sixty_per_cent_verified_is_reached_and_not_a_call_less(store, seller, specialist):
    for _n in range(10):
        made(store, seller)
    drawn(store)
    reached = []
    for _n in range(6):
        verify(claimed(specialist), specialist, Finding.CONFIRMED)
        [now] = sampling.progress_of(list(InsuranceSample.objects.all()))
        reached.append((now.percent, now.is_reached, now.can_be_reached))

    assert reached == [(n * 10, n == 6, True) for n in range(1, 7)]


def test_a_month_without_insurance_calls_has_nothing_to_verify(client, store, manager):
    drawn(store)
    client.force_login(manager)

    page = page_of(client)

    assert (page.context["progress"].percent, page.context["progress"].is_reached) == (0, True)
    assertContains(page, "shield-check")


def test_the_list_goes_out_as_it_is_shown(verified, manager):
    listing = LISTINGS["care:sample-list"]

    lines = list(listing.lines(listing.rows(manager, {"what": "differs"}, TODAY)))

    assert len(lines) == 2
    assert "****" in lines[1][1]
    assert lines[1][8] == "没提到优惠"
    assert len(list(listing.rows(manager, {"month": "2026-09"}, TODAY))) == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_one_row_and_for_three(
    client, store, seller, manager, rows, django_assert_num_queries
):
    for _n in range(rows):
        made(store, seller)
    CarePolicy.objects.update(sample_percent=100)
    drawn(store)
    client.force_login(manager)

    with django_assert_num_queries(15):
        page = page_of(client)

    assert len(page.context["rows"]) == rows


def test_the_call_screen_shows_what_is_verified_and_asks_for_it(client, store, seller, specialist):
    made(store, seller)
    drawn(store)
    client.force_login(specialist)
    with time_machine.travel(NOW, tick=False):
        call = claimed(specialist)
        page = client.get(reverse("care:call", args=[call.pk]))
        for words in ("zhao_lei", "说会续保", 'name="finding"', "CARE-09"):
            assertContains(page, words)
        assertNotContains(page, 'data-key="s"')
        url = reverse("care:call-result", args=[call.pk])
        told = {"claim": call.claim, "result": "verified", "number": call.customer.main_phone}
        assert client.post(url, told).status_code == 422
        assert client.post(url, told | {"finding": "otherwise"}).status_code == 422
        told |= {"finding": "otherwise", "difference": "没有报价"}
        assertRedirects(client.post(url, told), reverse("care:call", args=[call.pk]))

        assertContains(client.get(reverse("care:call", args=[call.pk])), "没有报价")

    check = InsuranceCheck.objects.get()
    assert (check.finding, check.text) == ("otherwise", "没有报价")
