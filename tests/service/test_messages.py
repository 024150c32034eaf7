"""What customers are told in writing of their appointments (SVC-05, CARE-29)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection

from apps.customers.choices import NumberStatus
from apps.customers.models import ContactNumber
from apps.messaging import sending
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message
from apps.service.actions import cancel, confirm, move, remind, send_new_link, tell
from apps.service.models import Appointment
from apps.service.queries import messages
from apps.service.queries.links import open_for
from tests.factories import NOW, TODAY, make_customer, make_vehicle
from tests.service.workshop import at, make_appointment

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TOMORROW = TODAY + DAY


@pytest.fixture
def car(store):
    owner = make_customer(store, "张三丰", "13912345678", gender="male")
    return make_vehicle(store, owner=owner, plate="沪A12345")


def said():
    """(for, to) of every message, the oldest first; what was taken back is marked."""
    gone = {MessageStatus.CANCELLED: "!"}
    rows = Message.objects.order_by("pk")
    return [(gone.get(row.status, "") + row.key.removeprefix("appointment_")) for row in rows]


def link_in(message):
    address = next(word for word in message.text.split() if word.startswith("http"))
    return parse_qs(urlsplit(address).query)["a"][0]


def test_who_is_booked_is_told_once_when_where_and_by_which_link_he_answers(
    store, other_store, car, settings
):
    settings.PUBLIC_URL = "https://dms.example.com"
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car)
    theirs = make_appointment(other_store, "14:00", on=TOMORROW)

    assert tell(now=NOW + MINUTE) == 2
    assert tell(now=NOW + 2 * MINUTE) == 0

    message, other = Message.objects.order_by("pk")
    assert (message.store, message.customer, message.to) == (store, car.owner, "13912345678")
    assert (message.purpose, message.channel, message.status) == ("service", "sms", "queued")
    assert message.text.startswith(
        "【上海演示店】张三丰先生您好：已为您的爱车沪A12345预约2026年11月24日14:00到店。"
        "查看、确认、改约或取消请点 https://dms.example.com/service/my/?a="
    )
    assert open_for(link_in(message), NOW + MINUTE) == row
    assert open_for(link_in(other), NOW + MINUTE) == theirs


def test_what_changed_twice_within_a_minute_is_told_once(store, car):
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car)
    move(row, starts_at=at("15:00", TOMORROW), version=1, now=NOW)
    gone = make_appointment(store, "16:00", on=TOMORROW)
    cancel(gone, reason="mistake")

    tell(now=NOW + MINUTE)

    [message] = Message.objects.all()
    assert (message.key, "15:00" in message.text) == ("appointment_booked", True)


def test_moved_and_cancelled_are_told_too_and_what_waits_with_the_old_time_is_taken_back(
    store, car
):
    row = make_appointment(store, "14:00", on=TODAY + 3 * DAY, vehicle=car)
    tell(now=NOW)
    assert said() == ["booked"]
    row = move(row, starts_at=at("09:00", TODAY + 2 * DAY), version=1, now=NOW + HOUR)
    tell(now=NOW + HOUR)
    assert said() == ["!booked", "moved"]
    assert "2026年11月25日09:00" in Message.objects.latest("pk").text
    Message.objects.filter(status=MessageStatus.QUEUED).update(status=MessageStatus.SENT)
    cancel(row, reason="customer")
    tell(now=NOW + 2 * HOUR)
    tell(now=NOW + 2 * HOUR)

    assert said() == ["!booked", "moved", "cancelled"]


def test_there_and_back_again_is_told_each_time(store, car):
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car)
    tell(now=NOW)
    row = move(row, starts_at=at("15:00", TOMORROW), version=1, now=NOW)
    tell(now=NOW)
    row = move(row, starts_at=at("14:00", TOMORROW), version=2, now=NOW)
    tell(now=NOW)

    assert said() == ["!booked", "!moved", "moved"]
    assert "14:00" in Message.objects.latest("pk").text


def test_another_bay_or_a_confirmation_is_nothing_to_write_about(store, car):
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car)
    tell(now=NOW)
    row = move(row, starts_at=at("14:00", TOMORROW), minutes=90, version=1, now=NOW)
    confirm(row)

    assert tell(now=NOW + MINUTE) == 0
    assert said() == ["booked"]


def test_who_comes_tomorrow_is_reminded_the_day_before_and_once(store, other_store, car):
    make_appointment(store, "08:30", on=TOMORROW, vehicle=car)
    make_appointment(store, "08:30", on=TODAY + 2 * DAY)
    tell(now=NOW - DAY)
    assert remind(now=NOW - 5 * MINUTE) == 0  # before ten
    assert remind(now=NOW) == 1
    assert remind(now=NOW + HOUR) == 0

    assert said() == ["booked", "booked", "reminder"]
    reminder = Message.objects.latest("pk")
    assert "提醒您爱车沪A12345预约了2026年11月24日08:30到店" in reminder.text
    assert remind(now=NOW + DAY) == 1  # the day before the other one


def test_who_books_late_is_reminded_two_hours_after_he_was_told(store, car):
    late = NOW + 5 * HOUR
    make_appointment(store, "14:00", on=TOMORROW, vehicle=car, now=late)
    tell(now=late)

    assert remind(now=late + 2 * HOUR - MINUTE) == 0
    assert remind(now=late + 2 * HOUR) == 1


def test_who_is_told_on_the_day_itself_is_not_reminded(store, car):
    make_appointment(store, "16:00", vehicle=car)
    tell(now=NOW)

    for hours in range(6):
        assert remind(now=NOW + hours * HOUR) == 0


def test_a_reminder_that_nobody_sent_yesterday_is_made_up_today(store, car):
    make_appointment(store, "16:00", on=TOMORROW, vehicle=car, now=NOW - DAY)
    tell(now=NOW - DAY)

    assert remind(now=NOW + DAY - 2 * HOUR) == 1


def test_a_moved_appointment_is_reminded_of_its_new_time_a_cancelled_one_of_none(store, car):
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car, now=NOW - DAY)
    gone = make_appointment(store, "16:00", on=TOMORROW, now=NOW - DAY)
    tell(now=NOW - DAY)
    Message.objects.update(status=MessageStatus.SENT)
    assert remind(now=NOW) == 2
    row = move(row, starts_at=at("09:00", TODAY + 2 * DAY), version=1, now=NOW)
    cancel(gone, reason="customer")
    assert said() == ["booked", "booked", "!reminder", "!reminder"]
    tell(now=NOW)

    assert remind(now=NOW + 3 * HOUR) == 0
    assert remind(now=NOW + DAY) == 1
    assert "2026年11月25日09:00" in Message.objects.latest("pk").text
    row = move(row, starts_at=at("10:00", TODAY + 3 * DAY), version=2, now=NOW + DAY)
    row = move(row, starts_at=at("09:00", TODAY + 2 * DAY), version=3, now=NOW + DAY)
    assert tell(now=NOW + DAY) == 0  # it is what he knows
    assert remind(now=NOW + DAY + 3 * HOUR) == 1  # but this was taken back
    assert said()[-2:] == ["!reminder", "reminder"]


def test_in_the_quiet_hours_it_waits_until_the_morning(store, car, settings, tmp_path):
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    make_appointment(store, "14:00", on=TOMORROW, vehicle=car)
    night = at("21:30")
    tell(now=night)

    sending.send_due(now=night)
    assert Message.objects.get().status == MessageStatus.QUEUED
    sending.send_due(now=at("08:00", TOMORROW))
    assert Message.objects.get().status == MessageStatus.SENT


def test_who_refuses_or_has_no_good_number_is_written_nothing_and_not_tried_again(store):
    refusing = make_vehicle(store, owner=make_customer(store, refuses_service=True))
    unreachable = make_vehicle(store)
    ContactNumber.objects.filter(customer=unreachable.owner).update(status=NumberStatus.WRONG)
    make_appointment(store, "14:00", on=TOMORROW, vehicle=refusing)
    make_appointment(store, "16:00", on=TOMORROW, vehicle=unreachable)

    assert tell(now=NOW) == 2
    assert tell(now=NOW + MINUTE) == 0
    assert said() == []


def test_the_past_is_told_nobody(store, car):
    make_appointment(store, "10:30", vehicle=car)

    assert tell(now=at("10:31")) == 0


def test_a_new_link_goes_out_and_the_old_one_is_dead(store, car):
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car)
    tell(now=NOW)
    send_new_link(row)
    tell(now=NOW + MINUTE)

    old, new = map(link_in, Message.objects.order_by("pk"))
    assert open_for(old, NOW + MINUTE) is None
    assert open_for(new, NOW + MINUTE) == row


@pytest.mark.parametrize("rows", [1, 3])
def test_many_are_told_in_as_many_statements_as_one(store, rows, django_assert_num_queries):
    for n in range(rows):
        make_appointment(store, f"{13 + n}:00", on=TOMORROW)

    with django_assert_num_queries(11):
        assert tell(now=NOW) == rows


def test_the_sweeps_leave_no_trace_in_the_history_of_an_appointment(store, car):
    row = make_appointment(store, "14:00", on=TOMORROW, vehicle=car, now=NOW - DAY)
    tell(now=NOW - DAY)
    remind(now=NOW)

    assert Appointment.objects.get(pk=row.pk).events.count() == 0
    assert Appointment.objects.get(pk=row.pk).version == 1


@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (messages.to_tell, "service_appointment_untold"),
        (messages.to_remind, "service_appointment_awaited"),
    ],
)
def test_a_sweep_reads_what_is_to_be_written_and_not_all_appointments(store, rows, index):
    make_appointment(store, "14:00", on=TOMORROW)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    assert index in rows(NOW).explain()
