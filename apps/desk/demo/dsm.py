"""The demo's DSM records: the buyers of the last weeks, mostly completed in time and checked."""

from datetime import date, datetime, timedelta
from random import Random

from apps.accounts.models import Store, User
from apps.customers import sealing
from apps.customers.choices import CustomerKind
from apps.customers.models import Customer
from apps.delivery.choices.dsm import DsmStatus
from apps.delivery.models import Delivery, DsmRecord
from apps.delivery.queries.dsm import due_at_of, missing_of
from apps.desk.demo.filling import at

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WEEKS = timedelta(days=75)
SELLERS = ("demo_sales", "demo_sales2", "demo_sales3")
SENT_BACK = ("地址缺门牌号", "身份证号与证件不符", "电话无人接听，请确认")


def add_dsm(store: Store, people: dict[str, User], seed: int, on: date) -> None:
    """A record of every delivery of the last weeks that has none yet."""
    rnd = Random(seed)
    sellers = [people[name] for name in SELLERS if name in people]
    checkers = [person for name, person in people.items() if name.startswith("demo_care")]
    if not sellers:
        return
    named = {person.name: person for person in sellers}
    deliveries = Delivery.objects.filter(
        store=store, dsm=None, delivered_on__gt=on - WEEKS, delivered_on__lte=on
    ).select_related("customer", "vehicle")
    records, buyers = [], []
    for delivery in deliveries.order_by("pk"):
        seller = named.get(delivery.consultant) or rnd.choice(sellers)
        if delivery.customer and rnd.random() < 0.93:
            buyers.append(_identified(delivery.customer, rnd))
        if missing_of(delivery.customer) and rnd.random() < 0.75:
            continue  # most of what the archive lacks came with imports, which owe nothing
        records.append(_record(delivery, seller, rnd.choice(checkers), rnd, at(on, 8)))
    Customer.objects.bulk_update(buyers, ["id_number_sealed", "id_number_hash"], 500)
    DsmRecord.objects.bulk_create(records, 500)


def _identified(buyer: Customer, rnd: Random) -> Customer:
    """With an ID number that fits the birthday, where there is one."""
    if buyer.kind == CustomerKind.PERSON and buyer.birthday:
        number = f"310101{buyer.birthday:%Y%m%d}{rnd.randrange(1, 1000):03d}"
        whole = next(number + end for end in "0123456789X" if sealing.id_number_holds(number + end))
        buyer.id_number_sealed, buyer.id_number_hash = sealing.seal(whole), sealing.hash(whole)
    return buyer


def _record(
    delivery: Delivery, seller: User, checker: User, rnd: Random, now: datetime
) -> DsmRecord:
    """Entered the same evening or the next morning, one in twelve too late; checked after that.
    What lacks something is open, or was accepted after a while."""
    row = DsmRecord(
        store_id=delivery.store_id,
        delivery=delivery,
        consultant=seller,
        due_at=due_at_of(delivery),
    )
    late = rnd.random() < 0.08
    evening = at(delivery.delivered_on, 18) + MINUTE * rnd.randrange(90)
    entered = row.due_at + MINUTE * rnd.randrange(20, 400) if late else evening
    checked = max(entered, row.due_at) + MINUTE * rnd.randrange(10, 90)
    if rnd.random() < 0.07 and row.due_at + HOUR < now:
        row.sent_back_at, row.sent_back_by = row.due_at + HOUR, checker
        row.sent_back_why = rnd.choice(SENT_BACK)
        entered = row.due_at + HOUR * rnd.randrange(2, 7)
        checked = entered + HOUR
    if missing_of(delivery.customer):
        if now - row.due_at > DAY * 6:
            row.status, row.checked_at, row.checked_by = DsmStatus.CHECKED, checked, checker
            row.accepted_why = "客户不愿提供"
        elif row.sent_back_at:
            row.status = DsmStatus.SENT_BACK
    elif entered < now:
        row.status, row.entered_at, row.entered_by = DsmStatus.ENTERED, entered, seller
        if checked < now:
            row.status, row.checked_at, row.checked_by = DsmStatus.CHECKED, checked, checker
    elif row.sent_back_at:
        row.status = DsmStatus.SENT_BACK
    return row
