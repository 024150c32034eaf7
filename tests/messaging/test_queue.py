"""What is written into the outbox, for whom, and how often (CARE-04, CARE-29, I5)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import transaction

from apps.customers.choices import CustomerKind, Gender, NumberKind, NumberStatus, Purpose
from apps.customers.models import ContactNumber
from apps.messaging import actions
from apps.messaging.choices import Channel, MessageStatus
from apps.messaging.models import Message, MessageTemplate
from tests.concurrency import closing, wait_until_someone_waits_for_a_lock
from tests.factories import make_customer

VALUES = {"model": "英朗", "plate": "沪A12345", "date": "2026年12月18日", "km": "5000"}


def put(customer, now, **fields):
    fields = {"key": "first_service", "dedupe_key": "call-1", "values": VALUES} | fields
    return actions.queue(customer, now=now, **fields)


def test_a_queued_message_carries_the_text_in_force_filled_in(store, now):
    customer = make_customer(store, "张三丰", "13900000001", gender=Gender.MALE)

    message = put(customer, now)

    assert (message.to, message.status, message.not_before) == (
        "13900000001",
        MessageStatus.QUEUED,
        now,
    )
    assert message.text == (
        "【上海演示店】张三丰先生您好：您的爱车英朗沪A12345请于2026年12月18日前、5000公里内"
        "（以先到者为准）来店做首次保养，来店请带保养手册和行驶证。客服多次致电未能接通，特此提醒。"
    )


def test_what_is_not_known_gets_a_neutral_word(store, now):
    customer = make_customer(store, "演示公司", kind=CustomerKind.COMPANY, gender=Gender.MALE)
    message = put(customer, now, values={})
    assert message.text.startswith("【上海演示店】演示公司您好：您的爱车请于近期前、手册规定的公里")


def test_a_text_holds_from_its_day_on(store, now):
    customer = make_customer(store)
    MessageTemplate.objects.create(
        store=store,
        key="first_service",
        channel=Channel.SMS,
        purpose=Purpose.SERVICE,
        effective_from=date(2026, 11, 24),
        text="新{name}",
    )
    assert put(customer, now).text != "新张伟"
    assert put(customer, now + timedelta(days=1), dedupe_key="call-2").text == "新张伟"


def test_an_e_mail_goes_to_the_address(store, now):
    customer = make_customer(store, email="z@example.invalid")
    message = put(customer, now, key="maintenance", channel=Channel.EMAIL)
    assert (message.channel, message.to) == (Channel.EMAIL, "z@example.invalid")
    assert message.subject == "上海演示店：您的爱车沪A12345保养提醒"


def test_an_e_mail_without_an_address_becomes_an_sms(store, now):
    customer = make_customer(store, phone="13900000002")
    message = put(customer, now, key="maintenance", channel=Channel.EMAIL)
    assert (message.channel, message.to, message.subject) == (Channel.SMS, "13900000002", "")


def test_a_bad_number_is_passed_over_for_a_good_mobile(store, now):
    customer = make_customer(store, phone="13900000003")
    customer.numbers.update(status=NumberStatus.EMPTY)
    ContactNumber.objects.create(
        store=store, customer=customer, number="02155512345", kind=NumberKind.LANDLINE
    )
    assert put(customer, now) is None
    ContactNumber.objects.create(
        store=store, customer=customer, number="13900000004", kind=NumberKind.MOBILE
    )
    assert put(customer, now).to == "13900000004"


def test_nothing_is_written_to_who_refuses_service_contact(store, now):
    assert put(make_customer(store, refuses_service=True), now) is None
    assert Message.objects.count() == 0


@pytest.mark.parametrize(("agrees", "written"), [(False, 0), (True, 1)])
def test_marketing_needs_consent(store, now, agrees, written):
    MessageTemplate.objects.filter(key="birthday").update(purpose=Purpose.MARKETING)
    put(make_customer(store, accepts_marketing=agrees), now, key="birthday")
    assert Message.objects.count() == written


def test_without_a_text_nothing_is_written(store, now):
    MessageTemplate.objects.all().delete()
    assert put(make_customer(store), now) is None


def test_the_same_key_again_returns_the_first_and_writes_nothing(store, other_store, now):
    customer = make_customer(store)
    first = put(customer, now)
    assert put(customer, now, key="birthday", values={}) == first
    assert put(make_customer(other_store), now) != first  # keys are a store's own
    assert Message.objects.filter(store=store).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_is_one_message(store, now):
    customer = make_customer(store)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            mine = put(customer, now)
            theirs = pool.submit(closing, put, customer, now)
            wait_until_someone_waits_for_a_lock()
        assert theirs.result(5) == mine
    assert Message.objects.count() == 1


def test_a_message_of_a_transaction_that_fails_is_not_in_the_outbox(store, now):
    customer = make_customer(store)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        put(customer, now)
        raise ZeroDivisionError
    assert Message.objects.count() == 0
