"""The action guide 行动指南 (SSI-11)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.customers.views.page import form_page
from apps.ssi.actions import guide as actions
from apps.ssi.guide_forms import LineEditForm, LineForm
from apps.ssi.models import GuideAction
from apps.ssi.queries import guide as queries
from apps.ssi.views.gates import a_form, may_change_guide, may_see_guide


@require_safe
@may_see_guide
def guide(request: HttpRequest) -> HttpResponse:
    """Each factor with its weaknesses and what is done against them; ``factor``: only these."""
    user: Any = request.user
    store, only = store_shown(user, request.GET), request.GET.getlist("factor")
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "chapters": queries.chapters(store, timezone.localdate(), only=only),
        "only": only,
        "can_change": user.has_perm("ssi.change_guide") and store.pk == user.store_id,
    }
    return render(request, "ssi/guide.html", context)


@a_form
@may_change_guide
@once
def guide_new(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    names = queries.factor_names(store, timezone.localdate())
    factors = [(code, name) for code, (name, _weight) in names.items()]

    def save(data: dict[str, Any]) -> str:
        line = actions.add_guide_action(store, **data)
        return f"{reverse('ssi:guide')}#{line.factor}"

    initial = {"factor": request.GET.get("factor")}
    form = LineForm(request.POST or None, factors=factors, initial=initial)
    title, back = _("New line of the guide"), reverse("ssi:guide")
    return form_page(request, form, title=title, back=back, save=save)


@a_form
@may_change_guide
@once
def guide_edit(request: HttpRequest, pk: int) -> HttpResponse:
    line: GuideAction = get_object_or_404(GuideAction.objects.of_own_store(request.user), pk=pk)
    back = f"{reverse('ssi:guide')}#{line.factor}"

    def save(data: dict[str, Any]) -> str:
        actions.change_guide_action(line, **data)
        return back

    initial = {name: getattr(line, name) for name in LineEditForm.base_fields}
    form = LineEditForm(request.POST or None, initial=initial)
    return form_page(request, form, title=_("Line of the guide"), back=back, save=save)
