"""The regulation: everybody reads it, the general manager changes it from a coming day on."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.penalties.actions.rules import set_numbers, set_rule
from apps.penalties.choices import Clause
from apps.penalties.forms.rules import NumbersForm, RuleForm
from apps.penalties.models import PenaltyPolicy, Rule
from apps.penalties.queries.rules import regulation, taken_back

NUMBERS = [name for name in NumbersForm.base_fields if name != "effective_from"]
RULE = [name for name in RuleForm.base_fields if name != "effective_from"]


def with_stores(user: Any, store: Store) -> dict[str, Any]:
    """What the tabs of these pages ask for."""
    several = len(user.store_ids) > 1
    return {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if several else [],
    }


@require_safe
@permission_required("penalties.view_rules", raise_exception=True)
def rules(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    lines = regulation(store, today)
    before = [(line, rule) for line in lines for rule in reversed(line.past)]
    context = with_stores(user, store) | {
        **{"lines": lines, "before": before, "today": today},
        "taken_back": taken_back(Rule, store),
    }
    return render(request, "penalties/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("penalties.change_rules", raise_exception=True)
@once
def rule_new(request: HttpRequest, clause: str) -> HttpResponse:
    """The clause from a coming day on, beginning with its latest words and amounts."""
    if clause not in Clause.values:
        raise Http404
    user: Any = request.user
    chosen, there = Clause(clause), reverse("penalties:rules")
    store = get_object_or_404(Store, pk=user.store_id)
    rules = Rule.objects.standing().filter(store=store, clause=chosen)
    latest = rules.order_by("-effective_from").first()
    initial = {name: getattr(latest, name) for name in RULE} if latest else {}
    tomorrow = timezone.localdate() + timedelta(days=1)

    def save(typed: dict[str, Any]) -> str:
        values = {name: typed[name] for name in RULE}
        day = typed["effective_from"]
        set_rule(store, chosen, values, from_day=day, by=user, now=timezone.now())
        return there

    form = RuleForm(request.POST or None, initial=initial | {"effective_from": tomorrow})
    title = _("Change the clause: %(clause)s") % {"clause": chosen.label}
    return form_page(request, form, title=title, back=there, save=save)


@require_safe
@permission_required("penalties.view_rules", raise_exception=True)
def numbers(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store, today = store_shown(user, request.GET), timezone.localdate()
    rows = list(PenaltyPolicy.objects.standing().filter(store=store).order_by("effective_from"))
    begun = [row for row in rows if row.effective_from <= today]
    columns = [*begun[-1:], *(row for row in rows if row.effective_from > today)]
    fields: list[Any] = [PenaltyPolicy._meta.get_field(name) for name in NUMBERS]
    context = with_stores(user, store) | {
        "holding": begun[-1] if begun else None,
        "columns": columns,
        "lines": [
            {
                "label": field.verbose_name,
                "help": field.help_text,
                "values": [getattr(row, field.name) for row in columns],
            }
            for field in fields
        ],
        "past": begun[:-1],
        "taken_back": taken_back(PenaltyPolicy, store),
    }
    return render(request, "penalties/numbers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("penalties.change_rules", raise_exception=True)
@once
def numbers_new(request: HttpRequest) -> HttpResponse:
    """New numbers from a coming day on, beginning with the latest."""
    user: Any = request.user
    store, there = get_object_or_404(Store, pk=user.store_id), reverse("penalties:numbers")
    rows = PenaltyPolicy.objects.standing().filter(store=store)
    latest = rows.order_by("-effective_from").first()
    initial = {name: getattr(latest, name) for name in NUMBERS} if latest else {}
    tomorrow = timezone.localdate() + timedelta(days=1)

    def save(typed: dict[str, Any]) -> str:
        values = {name: typed[name] for name in NUMBERS}
        set_numbers(store, values, from_day=typed["effective_from"], now=timezone.now())
        return there

    form = NumbersForm(request.POST or None, initial=initial | {"effective_from": tomorrow})
    return form_page(request, form, title=_("New numbers of penalties"), back=there, save=save)
