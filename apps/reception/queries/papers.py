"""What belongs to a contract, and what it still lacks (REC-06, REC-08)."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.templatetags.ui import masked
from apps.customers import sealing
from apps.reception.choices.order import (
    LOAN_ENDED,
    LoanStatus,
    OrderGap,
    PaperCheck,
    PaperKind,
)
from apps.reception.models import LoanApplication, OrderPaper, SalesOrder, TradeIn

GRANTED = (LoanStatus.APPROVED, LoanStatus.PAID_OUT)


@dataclass(frozen=True)
class PaperLine:
    """A kind of paper, with what was checked of it."""

    kind: str
    label: str
    paper: OrderPaper | None

    @property
    def number(self) -> str:
        return masked(sealing.open(self.paper.number_sealed)) if self.paper else ""

    @property
    def checks(self) -> list[str]:
        return [str(PaperCheck(one).label) for one in self.paper.checks] if self.paper else []


def paper_lines(order: SalesOrder) -> Sequence[PaperLine]:
    """Every kind in its order. One query."""
    there = {paper.kind: paper for paper in order.papers.select_related("by")}
    return [PaperLine(kind.value, str(kind.label), there.get(kind)) for kind in PaperKind]


def running_loan(order: SalesOrder) -> LoanApplication | None:
    found: LoanApplication | None = order.loans.exclude(status__in=LOAN_ENDED).first()
    return found


def trade_in_of(order: SalesOrder) -> TradeIn | None:
    return TradeIn.objects.filter(order=order).select_related("valued_by").first()


def gaps(order: SalesOrder) -> list[OrderGap]:
    """What the contract lacks before its car can be handed over, for its page and for the
    traffic light of the hand-over (DEL-08). Three queries."""
    loan, trade_in = running_loan(order), trade_in_of(order)
    card = PaperKind.COMPANY if order.customer.kind == "company" else PaperKind.ID_CARD
    lacks = {
        OrderGap.SIGNATURE: order.signed_at is None,
        OrderGap.DEPOSIT: order.deposited_at is None,
        OrderGap.CAR: order.stock_car_id is None,
        OrderGap.IDENTITY: not order.papers.filter(kind=card).exists(),
        OrderGap.COPY: order.signed_at is not None and order.copy_given_at is None,
        OrderGap.LOAN: loan is not None and loan.status not in GRANTED,
        OrderGap.TRADE_IN: trade_in is not None and not trade_in.is_agreed,
    }
    return [gap for gap, lacking in lacks.items() if lacking]
