"""A new purchase: of somebody we know, or with a customer card of somebody new (REC-03)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.audit.once import once
from apps.core.templatetags.ui import masked
from apps.customers.doubles import alike
from apps.customers.models import Customer
from apps.customers.phones import normalise
from apps.customers.search import search
from apps.customers.views.page import Doubt, form_page
from apps.reception.actions.cards import leave_card
from apps.reception.actions.opportunities import open_opportunity
from apps.reception.choices.opportunity import WORKED, Level, PayMode
from apps.reception.choices.visit import Source
from apps.reception.forms.opportunities import CardForm, OpportunityForm
from apps.reception.queries.opportunities import seen_by
from apps.reception.views.gates import a_form, may_sell
from apps.reception.views.opportunities import address

USUAL = {"level": Level.B, "pay_mode": PayMode.UNDECIDED, "source": Source.WALK_IN}


@require_safe
@may_sell
def opportunity_find(request: HttpRequest) -> HttpResponse:
    """Whose purchase is it? Customers that the text finds, with their open purchases."""
    user: Any = request.user
    text = request.GET.get("q", "").strip()[:40]
    hits = search([user.store_id], text) if text else []
    people = {hit.customer.pk: hit.customer for hit in hits if hit.customer}
    worked = seen_by(user).filter(customer__in=people, status__in=WORKED)
    mine = {row.customer_id: row for row in worked}
    context = {
        "text": text,
        "people": [(person, mine.get(pk)) for pk, person in people.items()],
    }
    return render(request, "reception/opportunity_find.html", context)


@a_form
@may_sell
@once
def opportunity_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A purchase of the customer ``pk``."""
    user: Any = request.user
    customer = get_object_or_404(Customer.objects.of_own_store(user), pk=pk)

    def save(data: dict[str, Any]) -> str:
        who = data.pop("consultant", user)
        return address(open_opportunity(customer, who, by=user, now=timezone.now(), **data))

    form = OpportunityForm(request.POST or None, user=user, initial=USUAL | {"consultant": user.pk})
    title = _("New opportunity of %(customer)s") % {"customer": customer}
    back = reverse("desk:customer", args=[pk])
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_sell
@once
def opportunity_card(request: HttpRequest) -> HttpResponse:
    """Somebody new leaves a customer card. Who is known already is pointed out (CUS-04)."""
    user: Any = request.user

    def doubt(data: dict[str, Any]) -> list[Doubt]:
        number = normalise(data["phone"]).number
        return [
            Doubt(
                who.pk,
                reverse("reception:opportunity-new", args=[who.pk]),
                f"{who} {masked(who.main_phone)}",
                "、".join(signs),
            )
            for who, signs in alike(user.store_id, number=number, name=data["name"].strip())
        ]

    def save(data: dict[str, Any]) -> str:
        seen = [each.pk for each in doubt(data)]
        person = {name: data.pop(name) for name in ("name", "phone", "gender")}
        who = data.pop("consultant", user)
        return address(
            leave_card(person, who, by=user, now=timezone.now(), told_apart=seen, **data)
        )

    usual = USUAL | {"consultant": user.pk, "gender": "unknown"}
    form = CardForm(request.POST or None, user=user, initial=usual)
    return form_page(
        request,
        form,
        title=_("New customer card"),
        back=reverse("reception:opportunity-find"),
        save=save,
        doubt=doubt,
        another=_("It is another person: save"),
    )
