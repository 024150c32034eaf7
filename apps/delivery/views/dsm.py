"""The buyer's data of a delivered car: completed by the consultant, checked by care (DEL-06)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from apps.audit.once import once
from apps.customers import actions as customers
from apps.customers import sealing
from apps.customers.phones import normalise
from apps.customers.views.customers import doubts_of
from apps.customers.views.page import Doubt, form_page
from apps.delivery.actions import dsm as keeping
from apps.delivery.forms.dsm import CheckForm, DsmForm, WhyForm
from apps.delivery.models import DsmRecord
from apps.delivery.queries.dsm import seen_by
from apps.delivery.views.gates import a_form, may_check_dsm, may_enter_dsm


def own_record(request: HttpRequest, pk: int) -> DsmRecord:
    rows: Any = seen_by(request.user)
    record: DsmRecord = get_object_or_404(rows.of_own_store(request.user), pk=pk)
    return record


def page_of(record: DsmRecord) -> str:
    return reverse("delivery:dsm", args=[record.pk])


@a_form
@may_enter_dsm
@once
def dsm_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One form over the buyer's own columns; saved partly it stays open (DEL-06)."""
    user: Any = request.user
    record = own_record(request, pk)
    buyer = record.delivery.customer or record.delivery.vehicle.owner
    if buyer is None:
        owner = reverse("customers:vehicle-owner", args=[record.delivery.vehicle_id])
        return redirect(f"{owner}?{urlencode({'next': request.path})}")

    def save(data: dict[str, Any]) -> str:
        seen, now = [each.pk for each in doubt(data)], timezone.now()
        keeping.enter_dsm(record, data, by=user, now=now)
        if seen:
            customers.tell_apart(buyer, seen, by=user, now=now)
        return page_of(record)

    def doubt(data: dict[str, Any]) -> list[Doubt]:
        phone = data["phone"].strip()
        return doubts_of(
            buyer.store_id,
            number=normalise(phone).number if phone else "",
            id_hash=sealing.hash(data.get("id_number", "")),
            besides=buyer.pk,
        )

    form = DsmForm(request.POST or None, instance=buyer)
    title, another = _("Data of %(buyer)s") % {"buyer": buyer}, _("It is another person: save")
    back = page_of(record)
    return form_page(request, form, title=title, back=back, save=save, doubt=doubt, another=another)


@a_form
@may_check_dsm
@once
def dsm_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The data were looked at and are right."""
    user: Any = request.user
    record = own_record(request, pk)

    def save(data: dict[str, Any]) -> str:
        keeping.check_dsm(record, by=user, now=timezone.now(), why=data["why"])
        return reverse("delivery:dsm-list")

    form = CheckForm(request.POST if request.method == "POST" else None)
    title = _("Check %(car)s") % {"car": record.delivery.vehicle}
    return form_page(request, form, title=title, back=page_of(record), save=save)


@a_form
@may_check_dsm
@once
def dsm_send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the consultant, with what is wrong."""
    user: Any = request.user
    record = own_record(request, pk)

    def save(data: dict[str, Any]) -> str:
        keeping.send_back_dsm(record, data["why"], by=user, now=timezone.now())
        return reverse("delivery:dsm-list")

    title = _("Send back %(car)s") % {"car": record.delivery.vehicle}
    form = WhyForm(request.POST or None)
    return form_page(request, form, title=title, back=page_of(record), save=save)
