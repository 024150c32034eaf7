"""What the workshop can do, as the service manager keeps it, and how full it is (SVC-02)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.service.actions import capacity as keeping
from apps.service.choices import Skill
from apps.service.forms.capacity import (
    NUMBERS,
    BayForm,
    CapacityForm,
    ClosureForm,
    NewTechnicianForm,
    ServiceDayForm,
    TechnicianForm,
)
from apps.service.models import Bay, BayClosure, Capacity, ServiceDay, Technician
from apps.service.queries import load as filling
from apps.service.views.gates import a_form, may_manage, may_see

DAY = timedelta(days=1)


def own_store(request: HttpRequest) -> Store:
    user: Any = request.user
    return get_object_or_404(Store, pk=user.store_id)


@require_safe
@may_manage
def capacity(request: HttpRequest) -> HttpResponse:
    """Numbers, bays, people and coming exceptions of one's own workshop on one page."""
    return _page(request)


def _page(
    request: HttpRequest, *, refusal: Refused | None = None, status: int = 200
) -> HttpResponse:
    store, now = own_store(request), timezone.now()
    today = timezone.localdate(now)
    rows = list(Capacity.objects.filter(store=store).order_by("effective_from"))
    holding = [row for row in rows if row.effective_from <= today][-1:]
    columns = [row for row in rows if row in holding or row.effective_from > today]
    fields: list[Any] = [Capacity._meta.get_field(name) for name in NUMBERS]
    context = {
        "store": store,
        "holding": holding,
        "columns": columns,
        "lines": [
            {"label": f.verbose_name, "values": [getattr(row, f.name) for row in columns]}
            for f in fields
        ],
        "past": [row for row in rows if row not in columns],
        "bays": Bay.objects.filter(store=store).order_by("-active", "place", "pk"),
        "technicians": Technician.objects.filter(store=store)
        .select_related("user")
        .order_by("-active", "pk"),
        "closures": filling.closures(store, today),
        "days": filling.special_days(store, today),
        "refusal": refusal,
    }
    return render(request, "service/capacity.html", context, status=status)


@a_form
@may_manage
@once
def capacity_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    latest = Capacity.objects.filter(store=store).order_by("-effective_from").first()

    def save(data: dict[str, Any]) -> str:
        day = data.pop("effective_from")
        kept = model_to_dict(latest, exclude=["id", "store", "effective_from"]) if latest else {}
        keeping.set_capacity(store, kept | data, effective_from=day, now=timezone.now())
        return reverse("service:capacity")

    initial = model_to_dict(latest, fields=NUMBERS) if latest else {}
    initial["effective_from"] = timezone.localdate() + DAY
    form = CapacityForm(request.POST or None, initial=initial)
    return _form(request, form, _("New numbers"), save)


def _form(
    request: HttpRequest, form: Any, title: str, save: Callable[[dict[str, Any]], Any]
) -> HttpResponse:
    back = reverse("service:capacity")

    def saved(data: dict[str, Any]) -> str:
        save(data)
        return back

    return form_page(request, form, title=title, back=back, save=saved)


@a_form
@may_manage
@once
def bay_new(request: HttpRequest) -> HttpResponse:
    store = own_store(request)
    form = BayForm(request.POST or None, initial={"skills": [Skill.GENERAL]})
    return _form(request, form, _("New bay"), lambda data: keeping.add_bay(store, data))


@a_form
@may_manage
@once
def bay_edit(request: HttpRequest, pk: int) -> HttpResponse:
    bay = get_object_or_404(Bay.objects.of_own_store(request.user), pk=pk)
    form = BayForm(request.POST or None, initial=model_to_dict(bay))
    title = _("Bay %(name)s") % {"name": bay}

    def save(data: dict[str, Any]) -> Any:
        return keeping.change_bay(bay, data, now=timezone.now())

    return _form(request, form, title, save)


@a_form
@may_manage
@once
def technician_new(request: HttpRequest) -> HttpResponse:
    form = NewTechnicianForm(request.POST or None, store=own_store(request))
    title = _("New technician")
    return _form(request, form, title, lambda data: keeping.add_technician(data.pop("user"), data))


@a_form
@may_manage
@once
def technician_edit(request: HttpRequest, pk: int) -> HttpResponse:
    technician = get_object_or_404(Technician.objects.of_own_store(request.user), pk=pk)
    form = TechnicianForm(request.POST or None, initial=model_to_dict(technician))
    title = _("Technician %(name)s") % {"name": technician}

    def save(data: dict[str, Any]) -> Any:
        return keeping.change_technician(technician, data, now=timezone.now())

    return _form(request, form, title, save)


@a_form
@may_manage
@once
def closure_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    initial = {"bay": request.GET.get("bay"), "first": today, "last": today}
    form = ClosureForm(request.POST or None, store=own_store(request), initial=initial)

    def save(data: dict[str, Any]) -> Any:
        return keeping.close_bay(data.pop("bay"), **data, now=timezone.now())

    return _form(request, form, _("Close a bay"), save)


@require_POST
@may_manage
@once
def closure_end(request: HttpRequest, pk: int) -> HttpResponse:
    closure = get_object_or_404(BayClosure.objects.of_own_store(request.user), pk=pk)
    keeping.open_bay(closure)
    messages.success(request, _("The bay can be used again."))
    return redirect("service:capacity")


@a_form
@may_manage
@once
def day_new(request: HttpRequest) -> HttpResponse:
    return _day(request, _("New special day"), {"on": timezone.localdate() + DAY})


@a_form
@may_manage
@once
def day_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ServiceDay.objects.of_own_store(request.user), pk=pk)
    return _day(request, _("Special day"), model_to_dict(row))


def _day(request: HttpRequest, title: str, initial: dict[str, Any]) -> HttpResponse:
    store = own_store(request)
    form = ServiceDayForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> Any:
        return keeping.set_day(store, data.pop("on"), data, now=timezone.now())

    return _form(request, form, title, save)


@require_POST
@may_manage
@once
def day_usual(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(ServiceDay.objects.of_own_store(request.user), pk=pk)
    try:
        keeping.set_day(row.store, row.on, {}, now=timezone.now())
    except Refused as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("The day is as usual again."))
    return redirect("service:capacity")


@require_safe
@may_see
def load(request: HttpRequest) -> HttpResponse:
    """How full a week is, altogether and by skill."""
    store, now = store_shown(request.user, request.GET), timezone.now()
    today = timezone.localdate(now)
    asked = _day_asked(request) or today
    monday = asked - DAY * asked.weekday()
    week = DAY * filling.WEEK
    left = filling.stranded(store, now, today, filling.last_day(store, today))
    context = {
        "store": store,
        "days": filling.load_of_week(store, monday),
        "skills": Skill,
        "monday": monday,
        "sunday": monday + week - DAY,
        "today": today,
        "this_week": monday <= today < monday + week,
        "before": monday - week,
        "after": monday + week,
        "left": len(left),
    }
    return render(request, "service/load.html", context)


def _day_asked(request: HttpRequest) -> date | None:
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


@require_safe
@may_see
def stranded_list(request: HttpRequest) -> HttpResponse:
    """Whom the workshop cannot keep its word to any more, the nearest first."""
    user: Any = request.user
    store, now = store_shown(user, request.GET), timezone.now()
    today = timezone.localdate(now)
    context = {
        "store": store,
        "rows": filling.stranded(store, now, today, filling.last_day(store, today)),
        "own": store.pk == user.store_id,
    }
    return render(request, "service/stranded_list.html", context)
