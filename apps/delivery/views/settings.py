"""Numbers, areas and lists of hand-overs, as the sales manager keeps them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.forms.models import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.audit.once import once
from apps.checklists import actions as checklists
from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.forms import PointsForm
from apps.customers.views.page import form_page
from apps.delivery import actions
from apps.delivery.actions.settings import DEFAULT_POINTS
from apps.delivery.forms.settings import NUMBERS, AreaForm, NumbersForm
from apps.delivery.models import DeliveryArea, DeliveryNumbers
from apps.delivery.views.gates import a_form, may_manage

DAY = timedelta(days=1)


def own_store(request: HttpRequest) -> Store:
    user: Any = request.user
    return get_object_or_404(Store, pk=user.store_id)


@require_safe
@may_manage
def settings(request: HttpRequest) -> HttpResponse:
    """The numbers in force and to come, the areas, and the lists that are gone through."""
    store = own_store(request)
    today = timezone.localdate()
    rows = list(DeliveryNumbers.objects.filter(store=store).order_by("effective_from"))
    holding = [row for row in rows if row.effective_from <= today][-1:]
    columns = [row for row in rows if row in holding or row.effective_from > today]
    fields: list[Any] = [DeliveryNumbers._meta.get_field(name) for name in NUMBERS]
    context = {
        "store": store,
        "holding": holding,
        "columns": columns,
        "lines": [
            {"label": f.verbose_name, "values": [getattr(row, f.name) for row in columns]}
            for f in fields
        ],
        "sums": [row.minutes for row in columns],
        "past": [row for row in rows if row not in columns],
        "areas": DeliveryArea.objects.filter(store=store).order_by("-active", "place", "pk"),
        "lists": [
            (ChecklistKind(kind), lists.in_force(store, kind, today)) for kind in DEFAULT_POINTS
        ],
    }
    return render(request, "delivery/settings.html", context)


def _form(
    request: HttpRequest, form: Any, title: str, save: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    back = reverse("delivery:settings")

    def saved(data: dict[str, Any]) -> str:
        save(data)
        return back

    return form_page(request, form, title=title, back=back, save=saved)


@a_form
@may_manage
@once
def numbers_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    latest = DeliveryNumbers.objects.filter(store=store).order_by("-effective_from").first()

    def save(data: dict[str, Any]) -> Any:
        day = data.pop("effective_from")
        return actions.set_numbers(store, data, effective_from=day, now=timezone.now())

    initial = model_to_dict(latest, fields=NUMBERS) if latest else {}
    initial["effective_from"] = timezone.localdate() + DAY
    form = NumbersForm(request.POST or None, initial=initial)
    return _form(request, form, _("New numbers of hand-overs"), save)


@a_form
@may_manage
@once
def area_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    form = AreaForm(request.POST or None)
    return _form(
        request, form, _("New delivery area"), lambda data: actions.enter_area(store, data)
    )


@a_form
@may_manage
@once
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(DeliveryArea.objects.of_own_store(request.user), pk=pk)
    form = AreaForm(request.POST or None, initial=model_to_dict(row))

    def save(data: dict[str, Any]) -> Any:
        return actions.change_area(row, data, now=timezone.now())

    return _form(request, form, str(row), save)


@a_form
@may_manage
@once
def points(request: HttpRequest, kind: str) -> HttpResponse:
    """Other points of one of the lists from a coming day on."""
    if kind not in DEFAULT_POINTS:
        raise Http404
    store, today = own_store(request), timezone.localdate()
    template = lists.in_force(store, kind, today)
    text = "\n".join(str(item) for item in template.items.all()) if template else ""

    def save(data: dict[str, Any]) -> Any:
        day = data["effective_from"]
        return checklists.set_points(
            store, kind, data["points"], effective_from=day, now=timezone.now()
        )

    form = PointsForm(request.POST or None, initial={"effective_from": today + DAY, "points": text})
    form.fields["points"].help_text = _("one a line")
    return _form(request, form, str(ChecklistKind(kind).label), save)
