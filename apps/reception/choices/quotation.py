"""The words of a quotation 购车费用明细表 (REC-07)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LineKind(models.TextChoices):
    """What a line of a quotation is about, in the order of the paper."""

    CAR = "car", _("guide price of the car")
    DISCOUNT = "discount", _("discount on the car")
    TAX = "tax", _("purchase tax")
    INSURANCE = "insurance", _("insurance")
    REGISTRATION = "registration", _("registration")
    ACCESSORY = "accessory", _("accessories")
    GIFT = "gift", _("accessories given")
    FEE = "fee", _("service fee")
    SUBSIDY = "subsidy", _("subsidy of maker or state")
    TRADE_IN = "trade_in", _("trade-in of the old car")
    INTEREST = "interest", _("interest of the loan")


# Worked out by the house; the others are typed.
WORKED_OUT = (LineKind.CAR, LineKind.TAX, LineKind.INTEREST)
TYPED = tuple(kind for kind in LineKind if kind not in WORKED_OUT)
# Written without a sign, counted against the customer's price.
TAKEN_OFF = (LineKind.DISCOUNT, LineKind.GIFT, LineKind.SUBSIDY, LineKind.TRADE_IN)
# What the house gives away: limited by role.
GIVEN = (LineKind.DISCOUNT, LineKind.GIFT)

# What the consultant says about it when he ticks it as explained.
MEANING = {
    LineKind.CAR: _("The maker's guide price of this configuration, VAT included."),
    LineKind.DISCOUNT: _("Lowers the price on the invoice, and with it the purchase tax."),
    LineKind.TAX: _("A part of the invoiced price without VAT, paid to the tax office once."),
    LineKind.INSURANCE: _("Paid to the insurer for the first year; the policy names the cover."),
    LineKind.REGISTRATION: _("Plates and vehicle licence; what is paid to the office has a slip."),
    LineKind.ACCESSORY: _("Fitted by us, with the warranty of the part; nobody has to take it."),
    LineKind.GIFT: _("Accessories from the list above that the customer does not pay for."),
    LineKind.FEE: _("For a service the customer asked for, agreed beforehand."),
    LineKind.SUBSIDY: _("Given by the maker or the state if its conditions are met."),
    LineKind.TRADE_IN: _("What we pay for the old car, once its papers and condition are checked."),
    LineKind.INTEREST: _("What the loan costs over all months; the rate is the annual rate."),
}


class QuotationStatus(models.TextChoices):
    OPEN = "open", _("being talked about")
    ACCEPTED = "accepted", _("chosen by the customer")
    WITHDRAWN = "withdrawn", _("withdrawn")


QUOTATION_MOVES = {
    QuotationStatus.OPEN: {QuotationStatus.ACCEPTED, QuotationStatus.WITHDRAWN},
    QuotationStatus.ACCEPTED: {QuotationStatus.OPEN, QuotationStatus.WITHDRAWN},
    QuotationStatus.WITHDRAWN: set(),
}


class Approval(models.TextChoices):
    """Whether what is given away is within the writer's limit, or somebody has to agree."""

    NOT_NEEDED = "not_needed", _("within the limit")
    WAITING = "waiting", _("waits for approval")
    APPROVED = "approved", _("approved")
    SENT_BACK = "sent_back", _("not approved")


SETTLED = (Approval.NOT_NEEDED, Approval.APPROVED)  # it may be handed to the customer

# What a new quotation begins with: the usual items, to be filled or left out.
USUAL = (
    (LineKind.DISCOUNT, "现金优惠"),
    (LineKind.INSURANCE, "交强险"),
    (LineKind.INSURANCE, "车船税"),
    (LineKind.INSURANCE, "商业险"),
    (LineKind.REGISTRATION, "上牌费"),
    (LineKind.ACCESSORY, ""),
    (LineKind.GIFT, ""),
    (LineKind.TRADE_IN, ""),
)
