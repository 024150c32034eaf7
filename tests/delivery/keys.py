"""Cars to be handed over: sold, planned, prepared, begun, signed."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count

from PIL import Image

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.checklists.choices import ChecklistKind
from apps.checklists.policy import Said
from apps.checklists.queries import in_force
from apps.delivery import actions
from apps.delivery.actions.handing_over import Sheet
from apps.delivery.choices.hand_over import BY_HAND, LISTS
from apps.delivery.models import HandOver
from apps.reception.choices.opportunity import OpportunityStatus
from apps.reception.choices.order import OrderStatus
from apps.reception.models import CarModel, Opportunity, SalesOrder, StockCar, Trim
from tests.factories import NOW, SHANGHAI, TODAY, make_customer, make_user

NUMBERS = count(1)
TOMORROW = TODAY + timedelta(days=1)


def at(clock, on=TOMORROW):
    return datetime.combine(on, time.fromisoformat(clock), tzinfo=SHANGHAI)


def person(store, name, role):
    """Somebody of the store, made once."""
    username = f"{name}_{store.code}"
    return User.objects.filter(username=username).first() or make_user(username, store, role)


def seller(store, name="seller"):
    return person(store, name, Role.SALES_CONSULTANT)


def make_trim(store):
    model, _new = CarModel.objects.get_or_create(store=store, brand="别克", name="君威")
    return Trim.objects.get_or_create(store=store, car_model=model, name="28T 豪华型")[0]


def make_order(store, *, car=True, **fields):
    """A paid order with its car."""
    fields.setdefault("consultant", seller(store))
    customer = fields.pop("customer", None) or make_customer(store)
    trim, number = make_trim(store), next(NUMBERS)
    wanted = Opportunity.objects.create(
        store=store,
        customer=customer,
        consultant=fields["consultant"],
        source="walk_in",
        status=OpportunityStatus.ORDERED,
        opened_at=NOW,
        opened_by=fields["consultant"],
        follow_up_on=TODAY,
    )
    if car is True:
        car = StockCar.objects.create(
            store=store,
            vin=f"LSGKEYS{number:010d}",
            trim=trim,
            colour="珍珠白",
            engine_number=f"E{number}",
        )
    status = fields.setdefault("status", OrderStatus.DEPOSITED)
    fields = {
        "price_amount": Decimal("189900.00"),
        "deposit_amount": Decimal("10000.00"),
        "made_at": NOW,
        "signed_at": None if status == OrderStatus.DRAFT else NOW,
        "deposited_at": None if status in (OrderStatus.DRAFT, OrderStatus.SIGNED) else NOW,
        "promised_on": TOMORROW,
    } | fields
    return SalesOrder.objects.create(
        store=store,
        opportunity=wanted,
        customer=customer,
        trim=trim,
        stock_car=car or None,
        **fields,
    )


def make_hand_over(store, clock="10:00", on=TOMORROW, order=None, **fields):
    """Planned for tomorrow at ten, in the first area."""
    order = order or make_order(store)
    fields = {"consultant": order.consultant, "now": NOW, "by": order.consultant} | fields
    return actions.plan(order, starts_at=at(clock, on), **fields)


def all_done(store, kind, on=TODAY):
    return {item.pk: Said(True) for item in in_force(store, kind, on).items.all()}


def make_ready(store, row=None, now=NOW, **fields):
    """Every point of the preparation is done."""
    row = row or make_hand_over(store, **fields)
    by = seller(store)
    said = all_done(store, ChecklistKind.PDI)
    actions.check_car(row, said, now=now, by=person(store, "fitter", Role.WORKSHOP))
    for point in BY_HAND:
        actions.mark_ready(row, point, True, now=now, by=by)
    return HandOver.objects.get(pk=row.pk)


def make_running(store, row=None, now=NOW, **fields):
    return actions.start(make_ready(store, row, **fields), now=now)


def picture(colour="navy", size=(80, 60)):
    """A JPEG of one colour."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return written.getvalue()


def make_sheet(store, on=TODAY, **fields):
    """Everything done, both introduced, no photo wanted."""
    fields = {
        "said": {kind: all_done(store, kind, on) for kind in LISTS.values()},
        "advisor": person(store, "advisor", Role.SERVICE_ADVISOR),
        "care": person(store, "care", Role.CARE_SPECIALIST),
        "no_photo": True,
    } | fields
    return Sheet(**fields)


def make_finished(store, row=None, now=NOW + timedelta(hours=1), **fields):
    """Signed an hour after it was begun."""
    row = make_running(store, row, **fields)
    return actions.finish(
        row,
        make_sheet(store, now.astimezone(SHANGHAI).date()),
        signature=picture("black"),
        now=now,
        by=row.consultant,
    )
