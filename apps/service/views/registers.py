"""Outside rescues, cars that stay the night, and the morning's preparation (SVC-13)."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.checklists import actions as checklists
from apps.checklists import queries as lists
from apps.checklists.choices import ChecklistKind
from apps.checklists.forms import AnswersForm, PointsForm
from apps.core.errors import Refused
from apps.customers.views.page import form_page
from apps.service.actions import registers as keeping
from apps.service.forms.registers import NightForm, RescueFilter, RescueForm
from apps.service.models import Overnight, RepairOrder, Rescue
from apps.service.queries import registers
from apps.service.queries.preparation import advisors_on_duty
from apps.service.views.capacity import own_store
from apps.service.views.gates import a_form, may_manage, may_receive, may_see

PAGE = 50
DAY = timedelta(days=1)
PREPARATION = ChecklistKind.PREPARATION


@require_safe
@may_see
def rescue_list(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = RescueFilter(request.GET)
    form.is_valid()  # what cannot be understood is left out of the filter and marked
    rows = registers.rescues(user, form.cleaned_data)
    if (after := request.GET.get("after", "")).isdecimal():
        last = get_object_or_404(Rescue.objects.visible_to(user), pk=after)
        rows = rows.filter(called_at__lte=last.called_at).exclude(
            called_at=last.called_at, pk__gte=last.pk
        )
    found = list(rows[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "form": form,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "service/rescue_list.html", context)


@a_form
@may_receive
@once
def rescue_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = own_store(request)
    initial = {"called_at": timezone.localtime()}
    form = RescueForm(request.POST or None, store=store, initial=initial)

    def save(data: dict[str, Any]) -> str:
        keeping.enter_rescue(store, data, by=user, now=timezone.now())
        return reverse("service:rescue-list")

    back = reverse("service:rescue-list")
    return form_page(request, form, title=_("New rescue"), back=back, save=save)


@a_form
@may_receive
@once
def rescue_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Rescue.objects.of_own_store(request.user), pk=pk)
    form = RescueForm(request.POST or None, store=row.store, initial=model_to_dict(row))

    def save(data: dict[str, Any]) -> str:
        keeping.change_rescue(row, data, now=timezone.now())
        return reverse("service:rescue-list")

    return form_page(request, form, title=str(row), back=reverse("service:rescue-list"), save=save)


@require_safe
@may_see
def overnight_list(request: HttpRequest) -> HttpResponse:
    """Tonight's cars, or those of a night gone by."""
    user: Any = request.user
    today = timezone.localdate()
    day = registers.day_asked(request.GET, today)
    rows = registers.nights(user, day, today)
    context = {
        "rows": rows,
        "missing": sum(night.row is None for night in rows),
        "day": day,
        "today": today,
        "before": day - DAY,
        "after": day + DAY,
        "several_stores": len(user.store_ids) > 1,
    }
    return render(request, "service/overnight_list.html", context)


@a_form
@may_receive
@once
def overnight_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Tonight of the order ``pk``."""
    user: Any = request.user
    rows = RepairOrder.objects.of_own_store(user).exclude(status="")
    order = get_object_or_404(rows.select_related("vehicle", "store"), pk=pk)
    now = timezone.now()
    today = timezone.localdate(now)
    last = Overnight.objects.filter(order=order).order_by("-on").first()
    initial = model_to_dict(last) if last else {}
    back = reverse("service:overnight-list")

    def save(data: dict[str, Any]) -> str:
        keeping.note_night(order, on=today, by=user, now=now, **data)
        return back

    title = _("%(car)s stays the night") % {"car": order.vehicle}
    form = NightForm(request.POST or None, initial=initial)
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_see
@once
def preparation(request: HttpRequest) -> HttpResponse:
    """The morning's list: gone through today, or as it was on another day."""
    if request.method != "POST":
        return _preparation(request, store_shown(request.user, request.GET))
    user: Any = request.user
    if not user.has_perm("service.receive_car"):
        return _preparation(request, own_store(request), status=403)
    store, now = own_store(request), timezone.now()
    today = timezone.localdate(now)
    form = _answers(store, today, request.POST)
    if not form.is_valid():
        return _preparation(request, store, form=form, status=422)
    try:
        people = advisors_on_duty(store, today)
        checklists.go_through(
            store, PREPARATION, form.said(), on=today, people=people, by=user, now=now
        )
    except Refused as refusal:
        return _preparation(request, store, form=form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("service:preparation")


def _answers(store: Store, day: date, data: Any = None) -> AnswersForm:
    run = lists.run_of(store, PREPARATION, day)
    template = run.template if run else lists.in_force(store, PREPARATION, day)
    items = list(template.items.all()) if template else []
    today = day == timezone.localdate()
    people = run.people if run and not today else advisors_on_duty(store, day)
    return AnswersForm(data, lines=lists.lines(items, run, people))


def _preparation(
    request: HttpRequest,
    store: Store,
    *,
    form: AnswersForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    day = registers.day_asked(request.GET, today)
    form = form or _answers(store, day)
    may = store.pk == user.store_id and user.has_perm("service.receive_car")
    context = {
        "store": store,
        "form": form,
        "run": lists.run_of(store, PREPARATION, day),
        "missing": sum(line.missing for line in form.lines),
        "day": day,
        "today": today,
        "before": day - DAY,
        "after": day + DAY,
        "can_fill": may and day == today,
        "refusal": refusal,
    }
    return render(request, "service/preparation.html", context, status=status)


@require_safe
@may_see
def preparation_list(request: HttpRequest) -> HttpResponse:
    """Who went through the list on which day, and what was missing."""
    user: Any = request.user
    rows = lists.runs(user, PREPARATION)[:PAGE]
    context = {"rows": list(rows), "several_stores": len(user.store_ids) > 1}
    return render(request, "service/preparation_list.html", context)


@a_form
@may_manage
@once
def preparation_points(request: HttpRequest) -> HttpResponse:
    """Other points from a coming day on."""
    store, today = own_store(request), timezone.localdate()
    template = lists.in_force(store, PREPARATION, today)
    points = "\n".join(str(item) for item in template.items.all()) if template else ""
    initial = {"effective_from": today + DAY, "points": points}

    def save(data: dict[str, Any]) -> str:
        checklists.set_points(
            store,
            PREPARATION,
            data["points"],
            effective_from=data["effective_from"],
            now=timezone.now(),
        )
        return reverse("service:preparation")

    form = PointsForm(request.POST or None, initial=initial)
    back = reverse("service:preparation")
    return form_page(request, form, title=_("Points of the preparation"), back=back, save=save)
