"""Survey models: the list, one model, its paper, and changing a copy (SSI-01, SSI-02)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Store
from apps.accounts.queries import store_shown
from apps.audit.once import once
from apps.audit.queries import changes
from apps.core.errors import Refused
from apps.ssi.actions import survey_models as acts
from apps.ssi.actions.defaults import add_defaults
from apps.ssi.model_forms import Editor, HeadForm, StartForm
from apps.ssi.models import SurveyModel
from apps.ssi.policy.score import HIGHEST, LOWEST
from apps.ssi.queries.survey_models import content_of, factors_of, models_of, not_taken_over, shown

SEES = permission_required("ssi.view_model", raise_exception=True)
CHANGES = permission_required("ssi.change_model", raise_exception=True)


@require_safe
@SEES
def models(request: HttpRequest) -> HttpResponse:
    """Which model is asked, which begins, which there are besides."""
    user: Any = request.user
    store = store_shown(user, request.GET)
    own = store.pk == user.store_id
    context = {
        "store": store,
        "stores": Store.objects.filter(pk__in=user.store_ids) if len(user.store_ids) > 1 else [],
        "rows": models_of(store, timezone.localdate()),
        "to_take_over": own and user.has_perm("ssi.change_model") and not_taken_over(store),
    }
    return render(request, "ssi/models.html", context)


@require_safe
@SEES
def model(request: HttpRequest, pk: int) -> HttpResponse:
    """One model: factors, questions, standards, and what may be done with it."""
    return _page(request, _visible(request, pk))


@require_safe
@SEES
def model_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The questionnaire on paper, to be read and filled in."""
    row = _visible(request, pk)
    context = {
        "row": row,
        "factors": factors_of(row),
        "standards": row.standards.order_by("place"),
        "scale": range(LOWEST, HIGHEST + 1),
    }
    return render(request, "ssi/model_print.html", context)


@require_POST
@CHANGES
@once
def model_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a model to change the copy."""
    copy = acts.copy_model(_own(request, pk))
    return redirect("ssi:model-edit", copy.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@CHANGES
@once
def model_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything of a draft on one page; buttons change its lines, saving writes them."""
    row = _own(request, pk)
    now = content_of(row)
    if request.method != "POST":
        return _editor(request, row, HeadForm(instance=row), Editor.of(now))
    head, editor = HeadForm(request.POST), Editor.typed(request.POST, now)
    if do := request.POST.get("do"):
        editor.act(do)
        return _editor(request, row, HeadForm(initial=request.POST.dict()), editor)
    if not (head.is_valid() & editor.is_valid()):
        return _editor(request, row, head, editor, status=422)
    try:
        acts.save_draft(row, head.cleaned_data, editor.content())
    except Refused as refusal:
        return _editor(request, row, head, editor, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect("ssi:model", row.pk)


@require_POST
@CHANGES
@once
def model_start(request: HttpRequest, pk: int) -> HttpResponse:
    """From which day on the store asks by this model."""
    row, form = _own(request, pk), StartForm(request.POST)
    if not form.is_valid():
        return _page(request, row, start_form=form, status=422)
    day = form.cleaned_data["effective_from"]
    return _done(request, row, lambda: acts.start_model(row, day, on=timezone.localdate()), form)


@require_POST
@CHANGES
@once
def model_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a start that has not come."""
    row = _own(request, pk)
    return _done(request, row, lambda: acts.withdraw_start(row, on=timezone.localdate()))


@require_POST
@CHANGES
@once
def model_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a draft."""
    row = _own(request, pk)
    return _done(request, row, lambda: acts.delete_draft(row), then="ssi:models")


@require_POST
@CHANGES
@once
def models_supplied(request: HttpRequest) -> HttpResponse:
    """Take over the supplied models that the store does not have."""
    user: Any = request.user
    add_defaults(get_object_or_404(Store, pk=user.store_id))
    messages.success(request, _("The supplied models are there."))
    return redirect("ssi:models")


def _visible(request: HttpRequest, pk: int) -> SurveyModel:
    rows = SurveyModel.objects.visible_to(request.user).select_related("store")
    found: SurveyModel = get_object_or_404(rows, pk=pk)
    return found


def _own(request: HttpRequest, pk: int) -> SurveyModel:
    rows = SurveyModel.objects.of_own_store(request.user).select_related("store")
    found: SurveyModel = get_object_or_404(rows, pk=pk)
    return found


def _done(
    request: HttpRequest,
    row: SurveyModel,
    do: Callable[[], object],
    start_form: StartForm | None = None,
    then: str = "",
) -> HttpResponse:
    try:
        do()
    except Refused as refusal:
        return _page(request, row, start_form=start_form, refusal=refusal, status=409)
    messages.success(request, _("Saved."))
    return redirect(then) if then else redirect("ssi:model", row.pk)


def _page(
    request: HttpRequest,
    row: SurveyModel,
    *,
    start_form: StartForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    context = {
        "row": row,
        "shown": shown(row, today),
        "factors": factors_of(row),
        "standards": row.standards.order_by("place"),
        "own": row.store_id == user.store_id and user.has_perm("ssi.change_model"),
        "start_form": start_form or StartForm(initial={"effective_from": tomorrow}),
        "changes": changes(row),
        "refusal": refusal,
    }
    return render(request, "ssi/model.html", context, status=status)


def _editor(
    request: HttpRequest,
    row: SurveyModel,
    head: HeadForm,
    editor: Editor,
    *,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"row": row, "head": head, "editor": editor, "refusal": refusal}
    return render(request, "ssi/model_edit.html", context, status=status)
