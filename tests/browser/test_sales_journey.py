"""One car from the showroom's door to its first-service call, by everybody who has a part in it
(REC-01, 03, 05, 07, 08, DEL-01…07, CARE-02)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.choices import Role
from apps.care.actions.planning import plan
from apps.care.choices import CallKind
from apps.care.models import Call
from apps.customers.models import Vehicle
from apps.delivery.models import DsmRecord, HandOver
from apps.desk.invariants import broken
from apps.reception.models import (
    DemoCar,
    Opportunity,
    Quotation,
    SalesOrder,
    ShowroomVisit,
    StockCar,
    TestDrive,
)
from tests.browser.test_check_in import sign
from tests.factories import SHANGHAI, TODAY, make_user
from tests.reception.quoting import make_loan, make_trim

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
TOMORROW = TODAY + DAY
VIN = "LSGJURNEY00000017"
BOX = "input[type=checkbox]:not(:checked)"


def clock(hour, minute=0, on=TODAY):
    moment = datetime(on.year, on.month, on.day, hour, minute, tzinfo=SHANGHAI)
    return time_machine.travel(moment, tick=True)


def press(page, form, name="", **values):
    """Fill in the form that goes to ``form`` and send it by its (named) button."""
    there = page.locator(f"form[method=post][action$='{form}']").first
    put(there, values)
    button = there.locator(f"button{name}").first
    with page.expect_navigation() as answer:
        button.click()
    assert answer.value.status == 200, page.locator("main").inner_text()


def save(page, **values):
    """The one form of a page."""
    there = page.locator(
        "#content form[method=post]:not([action]), form[method=post][action='']"
    ).first
    put(there, values)
    with page.expect_navigation() as answer:
        there.locator("button.btn-primary").first.click()
    assert answer.value.status == 200, page.locator("main").inner_text()


def put(form, values):
    for name, value in values.items():
        field = form.locator(f"[name='{name}']").first
        kind = field.evaluate("one => one.type === 'radio' ? 'radio' : one.tagName")
        if kind == "radio":
            form.locator(f"[name='{name}'][value='{value}']").check(force=True)
        elif kind == "SELECT":
            field.select_option(str(value))
        elif value is True:
            field.check()
        else:
            field.fill(str(value))


def tick_all(page):
    boxes = page.locator(f"#content {BOX}")
    while boxes.count():
        boxes.first.check()


@pytest.fixture
def house(store, other_store, settings, tmp_path):
    """Who sells, leads, repairs and calls; a model with its price, loan, demo car and stock."""
    settings.MEDIA_ROOT = tmp_path
    trim, loan = make_trim(store), make_loan(store)
    DemoCar.objects.create(
        store=store, plate="沪ATEST1", car_model=trim.car_model, is_automatic=True
    )
    StockCar.objects.create(store=store, vin=VIN, trim=trim, colour="珍珠白", engine_number="E1")
    roles = {
        "host": Role.RECEPTIONIST,
        "seller": Role.SALES_CONSULTANT,
        "boss": Role.SALES_MANAGER,
        "fitter": Role.WORKSHOP,
        "adviser": Role.SERVICE_ADVISOR,
        "caller": Role.CARE_SPECIALIST,
    }
    people = {name: make_user(name, store, role) for name, role in roles.items()}
    return {"trim": trim, "loan": loan} | people


def test_from_the_door_to_the_call_for_the_first_service(window, store, house):
    with clock(9, 30):
        wanted = comes_in(window, house)
        drives(window(house["seller"], width=1024), wanted)
    with clock(11):
        row = chooses(window, house, wanted)
    with clock(14):
        order = signs(window(house["seller"]), row)
        ready = is_prepared(window, house, order)
    with clock(10, 0, TOMORROW):
        is_handed_over(window(house["seller"], width=1024), ready)
    with clock(8, 50, TOMORROW + DAY):
        is_checked(window, house)
    what_followed(order)


def comes_in(window, house):
    """Registered at the door, greeted, taken, and the card is left."""
    page = window(house["host"])
    page.goto("/reception/door/")
    page.keyboard.press("n")
    press(page, "/door/register/", remark="红外套")
    visit = ShowroomVisit.objects.get()
    press(page, f"/visits/{visit.pk}/greet/")
    press(page, f"/visits/{visit.pk}/take/")
    visit.refresh_from_db()
    assert (visit.greeted_by, visit.consultant) == (house["host"], house["seller"])
    page = window(house["seller"])
    page.goto(f"/reception/visits/{visit.pk}/card/")
    form = page.locator("form:has(input[name=which][value=new])")
    form.locator("[name$=name]").fill("张三丰")
    form.locator("[name$=phone]").fill("13912345678")
    form.get_by_role("button", name="保存").first.click()
    page.wait_for_url("**/door/")
    wanted = Opportunity.objects.get()
    page.goto(f"/reception/opportunities/{wanted.pk}/edit/")
    save(page, colour="珍珠白", purpose="first", needs="家用，看重安全")
    wanted.refresh_from_db()
    assert (wanted.consultant, wanted.purpose) == (house["seller"], "first")
    assert page.faults == []
    return wanted


def drives(page, wanted):
    """Licence seen, agreement signed, out and in."""
    page.goto(f"/reception/opportunities/{wanted.pk}/drive/")
    car = DemoCar.objects.get()
    save(page, demo_car=car.pk, starts_at=f"{TODAY}T10:00", minutes="30")
    drive = TestDrive.objects.get()
    page.goto(f"/reception/drives/{drive.pk}/")
    press(
        page,
        f"/drives/{drive.pk}/licence/",
        driver="张三丰",
        licence_class="c1",
        number="310101199001011234",
        seen=True,
    )
    page.goto(f"/reception/drives/{drive.pk}/agreement/")
    sign(page)
    page.get_by_role("button", name="确认签字").click()
    page.wait_for_url(f"**/reception/drives/{drive.pk}/")
    press(page, f"/drives/{drive.pk}/out/", km="100")
    page.goto(f"/reception/drives/{drive.pk}/")
    press(page, f"/drives/{drive.pk}/back/", km="112")
    drive.refresh_from_db()
    assert (drive.out_km, drive.back_km) == (100, 112)
    assert wanted.clocks.filter(kind="drive_call", done_at=None).count() == 1


def chooses(window, house, wanted):
    """Three schemes; the third gives more than a consultant may: the manager says yes."""
    page = window(house["seller"])
    trim, loan = house["trim"], house["loan"]
    for name, discount, way in (
        ("全款", "2000", ""),
        ("贷款", "2000", f"{loan.pk}:36"),
        ("全款优惠", "6000", ""),
    ):
        page.goto(f"/reception/opportunities/{wanted.pk}/quotations/new/")
        page.select_option("#id_trim", str(trim.pk))
        page.select_option("#id_loan", way)
        page.fill("#id_name", name)
        page.select_option("#id_lines-0-kind", "discount")
        page.fill("#id_lines-0-amount", discount)
        page.fill("#id_reason", "老客户介绍")
        page.press("#id_lines-0-amount", "Enter")
        page.wait_for_url("**/reception/quotations/*/")
    page.goto(f"/reception/opportunities/{wanted.pk}/quotations/")
    for name in ("全款", "贷款", "全款优惠"):
        assert page.get_by_text(name, exact=True).count() >= 1
    row = Quotation.objects.get(name="全款优惠")
    assert row.status != "settled" and not row.is_settled
    boss = window(house["boss"])
    boss.goto("/reception/approvals/")
    press(boss, f"/quotations/{row.pk}/decide/", "[value=yes]", words="同意")
    row.refresh_from_db()
    assert row.is_settled
    page.goto(f"/reception/quotations/{row.pk}/")
    tick_all(page)
    page.click("#explain button")
    page.get_by_text(f"已解释 {row.lines.count()}/{row.lines.count()}").first.wait_for()
    page.goto(f"/reception/quotations/{row.pk}/")
    press(page, f"/quotations/{row.pk}/accept/")
    row.refresh_from_db()
    assert row.status == "accepted"
    return row


def signs(page, row):
    """The order of the scheme: explained, signed, paid for, a car given."""
    page.goto(f"/reception/quotations/{row.pk}/order/")
    save(page, promised_on=TOMORROW, deposit_amount="10000")
    order = SalesOrder.objects.get()
    assert order.price_amount == Decimal(113000) - 6000
    page.goto(f"/reception/orders/{order.pk}/contract/")
    tick_all(page)
    save(page)
    page.goto(f"/reception/orders/{order.pk}/")
    press(page, f"/orders/{order.pk}/sign/")
    press(page, f"/orders/{order.pk}/deposit/", amount="10000")
    page.goto(f"/reception/orders/{order.pk}/")
    press(page, f"/orders/{order.pk}/car/")
    order.refresh_from_db()
    assert (order.status, order.stock_car.vin) == ("deposited", VIN)
    return order


def is_prepared(window, house, order):
    """Planned for ten tomorrow, PDI by the workshop, every point done."""
    page = window(house["seller"])
    page.goto(f"/delivery/orders/{order.pk}/plan/")
    save(page, starts_at=f"{TOMORROW}T10:00", agreed_how="phone")
    row = HandOver.objects.get()
    page.goto(f"/delivery/hand-overs/{row.pk}/papers/")
    save(page, plate="沪AB1234", registered_on=TOMORROW, insurer="人保", insured_until="2027-11-23")
    fitter = window(house["fitter"])
    fitter.goto(f"/delivery/hand-overs/{row.pk}/pdi/")
    tick_all(fitter)
    save(fitter)
    page.goto(f"/delivery/hand-overs/{row.pk}/")
    missing = page.locator("form[action$='/point/']:has([name=done]) button")
    while missing.count():
        with page.expect_navigation():
            missing.first.click()
    row.refresh_from_db()
    assert row.status == "prepared"
    return row


def is_handed_over(page, row):
    """On the tablet, signed."""
    page.goto(f"/delivery/hand-overs/{row.pk}/")
    press(page, f"/hand-overs/{row.pk}/start/")
    page.goto(f"/delivery/hand-overs/{row.pk}/sheet/")
    for box in page.locator(".run-point input").all():
        box.check()
    page.get_by_label("介绍的服务顾问").select_option(index=1)
    page.get_by_label("介绍的客服专员").select_option(index=1)
    page.locator("[name=no_photo]").check()
    sign(page)
    page.get_by_role("button", name="客户已签字").click()
    page.wait_for_url(f"**/delivery/hand-overs/{row.pk}/")
    row.refresh_from_db()
    assert (row.status, row.vehicle.vin) == ("finished", VIN)


def is_checked(window, house):
    """The consultant completes the buyer's data before half past nine; care checks them."""
    record = DsmRecord.objects.get()
    page = window(house["seller"])
    page.goto(f"/delivery/dsm/{record.pk}/entry/")
    save(page, id_number="310101199001011234", address="上海市浦东新区演示路1号")
    care = window(house["caller"])
    care.goto(f"/delivery/dsm/{record.pk}/")
    press(care, f"/dsm/{record.pk}/check/")
    record.refresh_from_db()
    assert (record.status, record.checked_by) == ("checked", house["caller"])
    assert record.entered_at <= record.due_at


def what_followed(order):
    """Nothing was typed twice, and the first-service call opens two months after the delivery."""
    order.refresh_from_db()
    car = Vehicle.objects.get(vin=VIN)
    assert (order.status, order.opportunity.status) == ("delivered", "delivered")
    assert (car.owner, car.plate, car.delivered_on) == (order.customer, "沪AB1234", TOMORROW)
    assert (car.insured_until, car.sold_here) == (date(2027, 11, 23), True)
    opens = date(2027, 1, 24)
    with clock(9, 0, opens - DAY):
        plan(on=opens - DAY, now=timezone.now())
    assert not Call.objects.filter(vehicle=car, kind=CallKind.FIRST_SERVICE).exists()
    with clock(9, 0, opens):
        plan(on=opens, now=timezone.now())
    call = Call.objects.get(vehicle=car, kind=CallKind.FIRST_SERVICE)
    assert (call.opens_on, call.customer) == (opens, order.customer)
    assert not [name for name, rows in broken().items() if rows]
