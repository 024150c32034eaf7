"""Entering and editing customers, their numbers, stops and consents."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.audit.actions import note_access
from apps.audit.choices import AccessKind
from apps.audit.once import once
from apps.core.templatetags.ui import masked
from apps.customers import actions, sealing
from apps.customers.choices import CustomerKind, Gender, Locality, Purpose
from apps.customers.doubles import alike
from apps.customers.forms import (
    ConsentForm,
    CustomerForm,
    MarkForm,
    NewCustomerForm,
    NumberForm,
    ReasonForm,
    StopForm,
)
from apps.customers.models import ConsentText, ContactNumber, Customer, StopContact
from apps.customers.phones import normalise
from apps.customers.views.merged import follow_merged
from apps.customers.views.page import Doubt, form_page

may_change = permission_required("customers.change_customer", raise_exception=True)
may_show = permission_required("customers.show_number", raise_exception=True)
may_stop = permission_required("customers.stop_contact", raise_exception=True)
a_form = require_http_methods(["GET", "HEAD", "POST"])


def own_customer(request: HttpRequest, pk: int) -> Customer:
    """Who was made anonymous is not edited any more."""
    rows = Customer.objects.of_own_store(request.user).filter(erased_at=None)
    customer: Customer = get_object_or_404(rows, pk=pk)
    return customer


def page_of(customer: Customer) -> str:
    return reverse("desk:customer", args=[customer.pk])


@a_form
@may_change
@once
def customer_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user

    def save(data: dict[str, Any]) -> str:
        seen = [each.pk for each in doubt(data)]
        new = actions.add_customer(user.store, by=user, now=timezone.now(), told_apart=seen, **data)
        return page_of(new)

    def doubt(data: dict[str, Any]) -> list[Doubt]:
        phone = data["phone"].strip()
        return doubts_of(
            user.store_id,
            number=normalise(phone).number if phone else "",
            id_hash=sealing.hash(data["id_number"]),
            name=data["name"].strip(),
            birthday=data["birthday"],
        )

    back = reverse("desk:customer-list")
    usual = {"kind": CustomerKind.PERSON, "gender": Gender.UNKNOWN, "locality": Locality.UNKNOWN}
    form = NewCustomerForm(request.POST or None, initial=usual)
    title, another = _("New customer"), _("It is another person: save")
    return form_page(request, form, title=title, back=back, save=save, doubt=doubt, another=another)


def doubts_of(store_id: int, **known: Any) -> list[Doubt]:
    """Who is in the archive already with what is being entered (CUS-04)."""
    return [
        Doubt(who.pk, page_of(who), f"{who} {masked(who.main_phone)}", "、".join(signs))
        for who, signs in alike(store_id, **known)
    ]


@a_form
@may_change
@follow_merged
@once
def customer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    customer, user = own_customer(request, pk), request.user
    back = page_of(customer)

    def save(data: dict[str, Any]) -> str:
        data["id_number"] = data["id_number"] or None
        actions.change_customer(customer, by=user, **data)  # type: ignore[arg-type]
        return back

    form = CustomerForm(request.POST or None, instance=customer)
    return form_page(request, form, title=_("Edit customer"), back=back, save=save)


@a_form
@may_change
@follow_merged
@once
def number_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: Any = request.user
    customer = own_customer(request, pk)
    back = page_of(customer)

    def save(data: dict[str, Any]) -> str:
        seen, now = [each.pk for each in doubt(data)], timezone.now()
        actions.add_number(customer, data["number"], by=user, now=now)
        if seen:
            actions.tell_apart(customer, seen, by=user, now=now)
        return back

    def doubt(data: dict[str, Any]) -> list[Doubt]:
        number = normalise(data["number"]).number
        return doubts_of(customer.store_id, number=number, besides=customer.pk)

    form = NumberForm(request.POST or None)
    title, another = _("Add a number"), _("It is another person: save")
    return form_page(request, form, title=title, back=back, save=save, doubt=doubt, another=another)


@a_form
@may_change
@once
def number_mark(request: HttpRequest, pk: int) -> HttpResponse:
    number = get_object_or_404(ContactNumber.objects.of_own_store(request.user), pk=pk)
    user, back = request.user, page_of(number.customer)

    def save(data: dict[str, Any]) -> str:
        actions.mark_number(number, data["status"], by=user, now=timezone.now())  # type: ignore[arg-type]
        return back

    form = MarkForm(request.POST or None)
    return form_page(request, form, title=_("This number is not good"), back=back, save=save)


@require_POST
@may_show
def number_show(request: HttpRequest, pk: int) -> HttpResponse:
    """The number in full, once, for a reason that is written down (SEC-01)."""
    user: Any = request.user
    number = get_object_or_404(ContactNumber.objects.visible_to(user), pk=pk)
    form = ReasonForm(request.POST)
    valid = form.is_valid()
    if valid:
        reason = form.cleaned_data["reason"]
        note_access([number], by=user, kind=AccessKind.UNMASK, now=timezone.now(), reason=reason)
    context = {"number": number, "shown": valid, "form": form}
    template = "customers/_number_shown.html" if request.htmx else "customers/number_shown.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=200 if valid else 422)


@a_form
@may_stop
@follow_merged
@once
def stop_new(request: HttpRequest, pk: int) -> HttpResponse:
    customer, user = own_customer(request, pk), request.user
    back = page_of(customer)

    def save(data: dict[str, Any]) -> str:
        actions.stop_contact(
            customer,
            data["vehicle"],
            data["kind"],
            data["reason"],
            by=user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return back

    form = StopForm(request.POST or None, customer=customer)
    return form_page(request, form, title=_("Stop contact"), back=back, save=save)


@require_POST
@may_stop
@once
def stop_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ended twice it is said, and nothing changes."""
    user: Any = request.user
    stop = get_object_or_404(StopContact.objects.of_own_store(user), pk=pk)
    if stop.ended_at is None:
        actions.end_stop(stop, by=user, now=timezone.now())
        messages.success(request, _("The customer may be contacted again."))
    else:
        messages.info(request, _("This stop was ended already."))
    return redirect(page_of(stop.customer))


@a_form
@may_stop
@follow_merged
@once
def consent_new(request: HttpRequest, pk: int) -> HttpResponse:
    customer, user = own_customer(request, pk), request.user
    back = page_of(customer)

    def save(data: dict[str, Any]) -> str:
        actions.record_consent(
            customer,
            data["purpose"],
            data["state"],
            data["source"],
            by=user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        return back

    today = timezone.localdate()
    texts = [
        ConsentText.objects.filter(purpose=each).in_force(customer.store_id, today)
        for each in Purpose
    ]
    form = ConsentForm(request.POST or None, texts=filter(None, texts))
    return form_page(request, form, title=_("Consent"), back=back, save=save)
