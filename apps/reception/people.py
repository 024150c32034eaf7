"""What the desk needs of the showroom about one customer."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistAnswer
from apps.core.erasing import GONE, Personal, PersonalBy, texts
from apps.core.journal import Journal
from apps.core.timeline import Source, Told
from apps.customers.models import Customer, Vehicle
from apps.customers.sealing import seal
from apps.reception.choices.drive import HOLDING
from apps.reception.choices.opportunity import WORKED
from apps.reception.choices.order import LIVE, LOAN_ENDED
from apps.reception.models import (
    Contact,
    LoanApplication,
    Opportunity,
    OrderPaper,
    Presentation,
    Quotation,
    QuotationLine,
    SalesOrder,
    ShowroomVisit,
    TestDrive,
    TradeIn,
)
from apps.reception.queries.orders import contract_subject

# what points at a customer
LINKS = ((ShowroomVisit, "customer"), (Opportunity, "customer"), (SalesOrder, "customer"))


def timeline(customer: Customer) -> list[Source]:
    """The parties he came with, and the purchases he thought of."""
    visits = ShowroomVisit.objects.filter(customer=customer).select_related("consultant")
    wanted = Opportunity.objects.filter(customer=customer)
    wanted = wanted.select_related("consultant", "car_model")
    orders = SalesOrder.objects.filter(customer=customer)
    return [
        Source("showroom", "showroom", visits, "arrived_at", _visit),
        Source("purchase", "purchase", wanted, "opened_at", _purchase),
        _orders(orders),
    ]


def timeline_of_car(vehicle: Vehicle) -> list[Source]:
    """How the car was sold."""
    return [_orders(SalesOrder.objects.filter(vehicle=vehicle))]


def _orders(rows: QuerySet[SalesOrder]) -> Source:
    rows = rows.select_related("trim__car_model")
    return Source("order", "order", rows, "made_at", _order)


def _order(row: SalesOrder) -> Told:
    """No amounts: whose customer he is not reads this, too."""
    title = _("Sales order · %(status)s") % {"status": row.get_status_display()}
    told = [str(row), f"{row.trim.car_model} {row.trim}", row.colour]
    link = ("car", row.vehicle_id) if row.vehicle_id else None
    return Told(title, " · ".join(filter(None, told)), link)


def _visit(row: ShowroomVisit) -> Told:
    title = _("In the showroom · %(purpose)s") % {"purpose": row.get_purpose_display()}
    told = [row.get_result_display(), str(row.consultant or "")]
    return Told(title, " · ".join(filter(None, told)))


def _purchase(row: Opportunity) -> Told:
    """Whose customer he is; what was said stays on the purchase's own page."""
    title = _("Opportunity · %(status)s") % {"status": row.get_status_display()}
    told = [row.level.upper(), str(row.car_model or ""), str(row.consultant)]
    return Told(title, " · ".join(filter(None, told)))


def repoint(old: Customer, new: Customer, journal: Journal) -> None:
    """What ``old`` thought of buying ``new`` thinks of (CUS-04)."""
    for model, column in LINKS:
        journal.move(model, column, old.pk, new.pk)


OF_PURCHASE, OF_ORDER = ("opportunity__customer",), ("order__customer",)


def _contract_answers(ids: Collection[int]) -> QuerySet[Any]:
    """What was noted when the contract was explained."""
    subjects = [contract_subject(order) for order in _orders_of(ids)]
    runs = {"run__kind": ChecklistKind.CONTRACT, "run__subject__in": subjects}
    stores = Customer.everyone.filter(pk__in=ids).values("store")
    return ChecklistAnswer.objects.filter(run__store__in=stores, **runs)


PERSONAL = (
    PersonalBy(ChecklistAnswer, (), texts("remark"), find=_contract_answers),
    Personal(ShowroomVisit, ("customer", *OF_PURCHASE), texts("remark")),
    Personal(Opportunity, ("customer",), texts("needs current_car lost_to lost_note lost_answer")),
    Personal(Contact, OF_PURCHASE, texts("text")),
    Personal(Presentation, OF_PURCHASE, texts("questions compared_with")),
    Personal(Quotation, OF_PURCHASE, texts("remark reason decision")),
    Personal(QuotationLine, ("quotation__opportunity__customer",), texts("remark")),
    Personal(
        TestDrive,
        OF_PURCHASE,
        # Drives of which the licence was seen say so still; the number is another's than anybody's.
        {**texts("driver terms remark liked disliked"), "licence_sealed": lambda: seal(GONE)},
    ),
    Personal(SalesOrder, ("customer", *OF_PURCHASE), texts("remark cancel_note")),
    Personal(OrderPaper, OF_ORDER, {"number_sealed": ""}),
    Personal(LoanApplication, OF_ORDER, texts("note")),
    Personal(TradeIn, OF_ORDER, {"plate": "", "vin": "", **texts("findings")}),
)
PLAIN = {
    Opportunity: "colour",
    Presentation: "positions",
    Quotation: "name colour",
    QuotationLine: "name",
    TestDrive: "signature",  # painted over, see ``pictures``
    SalesOrder: "colour",
    OrderPaper: "checks",
    LoanApplication: "lender papers",
    TradeIn: "model papers",
}


def _orders_of(ids: Collection[int]) -> QuerySet[SalesOrder]:
    return SalesOrder.objects.filter(Q(customer__in=ids) | Q(opportunity__customer__in=ids))


def duties(ids: Collection[int]) -> list[str]:
    """Contracts that run, and what somebody in the showroom still works on."""
    orders = _orders_of(ids)
    said = [
        _("sales order %(order)s is not delivered yet") % {"order": order}
        for order in orders.filter(status__in=LIVE)
    ]
    loans = LoanApplication.objects.filter(order__in=orders).exclude(status__in=LOAN_ENDED)
    said += [
        _("the loan for order %(order)s is not paid out yet") % {"order": loan.order}
        for loan in loans.exclude(status="paid_out").select_related("order")
    ]
    wanted = Opportunity.objects.filter(customer__in=ids, status__in=WORKED)
    said += [
        _("%(person)s follows a purchase") % {"person": row.consultant}
        for row in wanted.select_related("consultant")
    ]
    drives = TestDrive.objects.filter(opportunity__customer__in=ids, status__in=HOLDING)
    return said + [
        _("a test drive is booked for %(day)s") % {"day": f"{drive.starts_at:%Y-%m-%d}"}
        for drive in drives
    ]


def close(ids: Collection[int], *, by: Any, now: datetime) -> None:
    """Nothing is open any more: see ``duties``."""


def pictures(ids: Collection[int]) -> list[Any]:
    """The signatures under agreements of test drives."""
    drives = TestDrive.objects.filter(opportunity__customer__in=ids, signature__isnull=False)
    return list(drives.values_list("signature", flat=True))
