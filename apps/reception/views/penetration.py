"""What is sold along with the cars, per consultant and month (REP-10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.core.dates import add_months, month_end
from apps.reception.choices.order import Along
from apps.reception.figures import penetration as figures
from apps.reception.forms.orders import MonthForm
from apps.reception.queries.opportunities import seen_by
from apps.reception.views.gates import may_see_sales

MONTHS = 12


@require_safe
@may_see_sales
def penetration(request: HttpRequest) -> HttpResponse:
    """The month by consultant, and the months before it. A consultant sees his own."""
    user: Any = request.user
    form = MonthForm(request.GET)
    form.is_valid()  # what cannot be understood is this month
    month = form.cleaned_data.get("month") or timezone.localdate().replace(day=1)
    first, last = add_months(month, 1 - MONTHS), month_end(month)
    people = figures.by_consultant(seen_by(user, figures.sold(user.store_ids, month, last)))
    context = {
        "form": form,
        "month": month,
        "what": Along.choices,
        "people": people,
        "whole": figures.together(people),
        "months": figures.by_month(seen_by(user, figures.sold(user.store_ids, first, last))),
    }
    return render(request, "reception/penetration.html", context)
