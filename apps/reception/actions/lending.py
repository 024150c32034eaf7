"""Loans and purchase tax as dated rows, kept by the sales manager (REC-07)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.reception.models import LoanProduct, PurchaseTax


@action
def set_tax(
    store: Store, numbers: Mapping[str, Any], *, effective_from: date, now: datetime
) -> PurchaseTax:
    """The tax from a coming day on; a row of that day is written anew. Quotations that are made
    stay as they were told. Refused: a day that has begun."""
    if effective_from <= timezone.localdate(now):
        raise Refused(_("Choose a day from tomorrow on: days that have begun do not change."))
    row: PurchaseTax = PurchaseTax.objects.update_or_create(
        store=store, effective_from=effective_from, defaults=dict(numbers)
    )[0]
    return row


@action
def add_loan(store: Store, facts: Mapping[str, Any]) -> LoanProduct:
    """A lender offers a loan on these days. Refused: a model of another store."""
    row = LoanProduct(store=store, **facts)
    if row.car_model is not None and row.car_model.store_id != store.pk:
        raise Refused(_("Choose a model of this store."))
    row.save()
    return row


@action
def end_loan(loan: LoanProduct, *, until: date, now: datetime) -> LoanProduct:
    """It is offered until this day only. Quotations with it hold as long as they say.

    Refused: a day gone by, a day before its first.
    """
    row = locked(loan)
    if until < timezone.localdate(now):
        raise Refused(_("Choose today or a day to come."))
    if until < row.effective_from:
        raise Refused(_("The loan is offered from %(day)s on.") % {"day": row.effective_from})
    row.until = until
    row.save(update_fields=["until"])
    return row
