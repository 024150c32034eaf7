"""The words of a contract of sale (REC-08, REC-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrderStatus(models.TextChoices):
    DRAFT = "draft", _("being written")
    SIGNED = "signed", _("signed")
    DEPOSITED = "deposited", _("deposit paid")
    DELIVERED = "delivered", pgettext_lazy("car", "delivered")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (OrderStatus.DRAFT, OrderStatus.SIGNED, OrderStatus.DEPOSITED)
ORDER_MOVES = {
    OrderStatus.DRAFT: {OrderStatus.SIGNED, OrderStatus.CANCELLED},
    OrderStatus.SIGNED: {OrderStatus.DEPOSITED, OrderStatus.CANCELLED},
    OrderStatus.DEPOSITED: {OrderStatus.DELIVERED, OrderStatus.CANCELLED},
}


class StockStatus(models.TextChoices):
    """Where a new car of the store stands."""

    COMING = "coming", _("on its way")
    HERE = "here", _("in stock")
    SOLD = "sold", _("delivered to a customer")
    GONE = "gone", _("given to another store")


class Energy(models.TextChoices):
    """What drives a model: the purchase tax asks for it (REC-07)."""

    FUEL = "fuel", _("petrol or diesel")
    HYBRID = "hybrid", _("hybrid without plug")
    NEV = "nev", _("new energy (electric, plug-in)")


class PaidHow(models.TextChoices):
    """How a deposit was paid."""

    CASH = "cash", _("cash")
    CARD = "card", _("bank card")
    WECHAT = "wechat", _("WeChat Pay")
    ALIPAY = "alipay", _("Alipay")
    TRANSFER = "transfer", _("bank transfer")


class OrderCancelReason(models.TextChoices):
    """Why a contract did not hold."""

    CUSTOMER = "customer", _("the customer does not want it any more")
    LOAN = "loan", _("no loan was granted")
    NO_CAR = "no_car", _("the car cannot be delivered")
    REWRITTEN = "rewritten", _("written anew")
    MISTAKE = "mistake", _("entered by mistake")


class PaperKind(models.TextChoices):
    """Which paper of the buyer was looked at (REC-06)."""

    ID_CARD = "id_card", _("ID card")
    LICENCE = "licence", _("driving licence")
    RESIDENCE = "residence", _("residence permit")
    COMPANY = "company", _("business licence")
    AUTHORITY = "authority", _("letter of authority")


class PaperCheck(models.TextChoices):
    """What was checked of a paper (REC-06)."""

    ORIGINAL = "original", _("original seen")
    NAME = "name", _("name is the buyer's")
    VALID = "valid", _("still valid")
    COPY = "copy", _("copy kept")


class LoanStatus(models.TextChoices):
    """Where an application for a loan stands (REC-08)."""

    PREPARING = "preparing", _("papers being collected")
    SUBMITTED = "submitted", _("handed in")
    APPROVED = "approved", _("granted")
    PAID_OUT = "paid_out", _("paid out")
    REFUSED = "refused", _("not granted")
    WITHDRAWN = "withdrawn", _("withdrawn")


LOAN_ENDED = (LoanStatus.REFUSED, LoanStatus.WITHDRAWN)
LOAN_MOVES = {
    LoanStatus.PREPARING: {LoanStatus.SUBMITTED, LoanStatus.WITHDRAWN},
    LoanStatus.SUBMITTED: {
        LoanStatus.PREPARING,  # the bank asks for more papers
        LoanStatus.APPROVED,
        LoanStatus.REFUSED,
        LoanStatus.WITHDRAWN,
    },
    LoanStatus.APPROVED: {LoanStatus.PAID_OUT, LoanStatus.WITHDRAWN},
}


class LoanPaper(models.TextChoices):
    """What a bank wants to see."""

    ID_CARD = "id_card", _("ID card")
    INCOME = "income", _("proof of income")
    STATEMENTS = "statements", _("bank statements")
    RESIDENCE = "residence", _("proof of residence")
    FAMILY = "family", _("household register or marriage certificate")
    LICENCE = "licence", _("driving licence")


LOAN_NEEDS = (LoanPaper.ID_CARD, LoanPaper.INCOME, LoanPaper.STATEMENTS)


class CarPaper(models.TextChoices):
    """Papers of a used car that is taken in part exchange (REC-06)."""

    REGISTRATION = "registration", _("registration certificate")
    PERMIT = "permit", _("vehicle permit")
    INVOICE = "invoice", _("purchase invoice")
    INSURANCE = "insurance", _("insurance policy")
    INSPECTION = "inspection", _("inspection valid")
    FREE = "free", _("no mortgage, no open fines")


CAR_NEEDS = (CarPaper.REGISTRATION, CarPaper.PERMIT, CarPaper.FREE)


class Condition(models.TextChoices):
    """How a used car is."""

    GOOD = "good", _("good")
    FAIR = "fair", _("traces of use")
    WORN = "worn", _("worn")
    ACCIDENT = "accident", _("had an accident")


class OrderGap(models.TextChoices):
    """What a contract lacks before its car can be handed over (DEL-08)."""

    SIGNATURE = "signature", _("signature")
    DEPOSIT = "deposit", _("deposit")
    CAR = "car", _("car")
    IDENTITY = "identity", _("identity checked")
    COPY = "copy", _("copy of the contract for the customer")
    LOAN = "loan", _("loan granted")
    TRADE_IN = "trade_in", _("used car valued and agreed")


class Along(models.TextChoices):
    """What is sold along with a car (REP-10)."""

    INSURANCE = "insurance", _("insurance")
    LOAN = "loan", _("loan")
    ACCESSORIES = "accessories", _("accessories")
