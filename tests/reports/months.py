"""November of a store: for every figure two rows that are counted and one that is not."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.care.choices import CallStatus
from apps.customers.models import MaintenanceCycle
from apps.reception.models import LoanApplication
from apps.reports.choices import Figure
from apps.service.models import Appointment, RepairOrder
from tests.delivery.dsm import make_record
from tests.factories import SHANGHAI, make_call, make_vehicle
from tests.reception.sold import make_order
from tests.service.workshop import make_appointment
from tests.ssi.made import finished_response

NOVEMBER, LAST = date(2026, 11, 1), date(2026, 11, 30)
DUE = date(2026, 11, 12)
DAY = timedelta(days=1)


def at(day, hour=10):
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


FIRST_OF_DECEMBER = at(date(2026, 12, 1), 8)


def an_order(store, car=None, **fields):
    number = f"RO{RepairOrder.objects.count()}"
    fields = {"kind": "maintenance", "number": number} | fields
    return RepairOrder.objects.create(store=store, vehicle=car or make_vehicle(store), **fields)


def a_sold_car(store, back_on=None, due=DUE):
    car = make_vehicle(store, sold_here=True, first_service_due_on=due)
    if back_on:
        an_order(store, car, kind="first_service", out_on=back_on)
    return car


def a_cycle(store, ended_on=None, event_on=DUE, car=None):
    return MaintenanceCycle.objects.create(
        store=store,
        vehicle=car or make_vehicle(store),
        base_on=event_on - 180 * DAY,
        event_on=event_on,
        ended_on=ended_on,
        ended_by="RO1" if ended_on else "",
    )


def a_call(store, kind, ended_on):
    return make_call(store, kind=kind, due_on=DUE, status=CallStatus.REACHED, ended_at=at(ended_on))


def opened(store, clock=None):
    booked = make_appointment(store, clock, on=DUE, now=at(DUE, 8)) if clock else None
    return an_order(
        store,
        opened_at=at(DUE),
        in_on=DUE,
        status="waiting",
        appointment=booked,
        customer=make_vehicle(store).owner,
    )


def promised(store, clock, status):
    row = make_appointment(store, clock, on=DUE, now=at(DUE, 8))
    Appointment.objects.filter(pk=row.pk).update(status=status)
    return row


def a_car_seen(store, days, overdue):
    car = make_vehicle(store, last_visit_on=LAST - days * DAY)
    an_order(store, car, kind="repair", out_on=LAST - days * DAY)
    a_cycle(store, event_on=LAST - overdue * DAY, car=car)
    return car


def a_contract(store, loan="", on=DUE, **along):
    order = make_order(store, status="delivered", delivered_at=at(on), **along)
    if loan:
        LoanApplication.objects.create(
            **{"store": store, "order": order, "status": loan, "lender": "工行", "months": 36},
            **{"amount": Decimal(1000), "by": order.consultant, "made_at": at(on)},
        )
    return order


def a_record(store, late):
    seller = make_order(store).consultant
    record = make_record(store, seller, delivered_on=DUE, on=DUE)
    entered = record.due_at + (DAY if late else -timedelta(hours=1))
    type(record).objects.filter(pk=record.pk).update(status="entered", entered_at=entered)
    return record


MAKE = {
    Figure.FIRST_RETURN: [
        lambda store: a_sold_car(store, DUE),
        lambda store: a_sold_car(store, DUE + 31 * DAY),
        lambda store: a_sold_car(store, DUE + 32 * DAY),
    ],
    Figure.MAINTENANCE_RETURN: [
        lambda store: a_cycle(store, DUE),
        lambda store: a_cycle(store, DUE + 30 * DAY),
        lambda store: a_cycle(store, DUE + 31 * DAY),
    ],
    Figure.FIRST_REMINDED: [
        lambda store: a_call(store, "first_service", DUE),
        lambda store: a_call(store, "first_service", DUE - 3 * DAY),
        lambda store: a_call(store, "first_service", DUE + DAY),
    ],
    Figure.MAINTENANCE_REMINDED: [
        lambda store: a_call(store, "maintenance", DUE),
        lambda store: a_call(store, "maintenance", DUE - 3 * DAY),
        lambda store: a_call(store, "maintenance", DUE + DAY),
    ],
    Figure.APPOINTMENTS: [
        lambda store: opened(store, "10:00"),
        lambda store: opened(store, "14:00"),
        lambda store: opened(store),
    ],
    Figure.SHOW_UP: [
        lambda store: promised(store, "10:00", "arrived"),
        lambda store: promised(store, "13:00", "arrived"),
        lambda store: promised(store, "15:00", "no_show"),
    ],
    Figure.CHURN: [
        lambda store: a_car_seen(store, 90, 30),
        lambda store: a_car_seen(store, 360, 200),
        lambda store: a_car_seen(store, 89, 30),
    ],
    Figure.INSURANCE: [
        lambda store: a_contract(store, insurance_amount=Decimal(1)),
        lambda store: a_contract(store, on=LAST, insurance_amount=Decimal(6000)),
        lambda store: a_contract(store),
    ],
    Figure.LOANS: [
        lambda store: a_contract(store, "approved"),
        lambda store: a_contract(store, "paid_out"),
        lambda store: a_contract(store, "refused"),
    ],
    Figure.ACCESSORIES: [
        lambda store: a_contract(store, accessories_amount=Decimal(1)),
        lambda store: a_contract(store, accessories_amount=Decimal(900)),
        lambda store: a_contract(store),
    ],
    Figure.DSM_IN_TIME: [
        lambda store: a_record(store, late=False),
        lambda store: a_record(store, late=False),
        lambda store: a_record(store, late=True),
    ],
    Figure.SSI: [
        lambda store: finished_response(store, 8, on=DUE),
        lambda store: finished_response(store, 9, on=DUE),
        lambda store: finished_response(store, 10, on=DUE),
    ],
}


def make_rows(figure, *stores):
    """The three rows of a figure in each store; those of the first."""
    return [[make(store) for make in MAKE[figure]] for store in stores][0]
