"""The people of the store: who they are, what they may do, how they get in (ORG-01, SEC-03)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.actions import people as acts
from apps.accounts.actions.store import name_manager
from apps.accounts.choices import Role
from apps.accounts.forms import NewPersonForm, PersonForm
from apps.accounts.models import Department, Store, User
from apps.accounts.policy import READABLE, TEMPORARY_LENGTH, may_decide_on
from apps.accounts.queries import people_of, stores_to_give
from apps.accounts.roles import permissions_of
from apps.core.errors import Refused

MANAGES = permission_required("accounts.manage_people", raise_exception=True)


def own_store(request: HttpRequest) -> Store:
    """The store this person works in; who works in none has no such page."""
    user: Any = request.user
    if user.store is None:
        raise Http404
    return user.store  # type: ignore[no-any-return]


@require_safe
@MANAGES
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the store, those who left apart."""
    store, gone = own_store(request), request.GET.get("show") == "gone"
    context = {
        "people": people_of(store, gone=gone),
        "gone": gone,
        "departments": store.departments.select_related("manager").order_by("pk"),
        "candidates": User.objects.filter(store=store, is_active=True).order_by("name"),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@MANAGES
def person_new(request: HttpRequest) -> HttpResponse:
    """Enter somebody; the answer shows the temporary password, once."""
    user: Any = request.user
    store = own_store(request)
    form = NewPersonForm(request.POST or None, store=store)
    if request.method == "POST" and form.is_valid():
        password = _temporary_password()
        try:
            made = acts.add_person(store, **form.cleaned_data, password=password, by=user)
        except Refused as refusal:
            return _form_page(request, form, status=409, refusal=refusal)
        return _handed_out(request, made, password)
    return _form_page(request, form, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@MANAGES
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: name, roles, department."""
    user: Any = request.user
    shown = _of_my_store(request, pk)
    form = PersonForm(
        request.POST or None,
        instance=shown,
        store=own_store(request),
        gives=stores_to_give(user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_person(shown, **form.cleaned_data, by=user)
        except Refused as refusal:
            return _form_page(request, form, person=shown, status=409, refusal=refusal)
        messages.success(request, _("Saved."))
        return redirect("accounts:people")
    return _form_page(request, form, person=shown, status=422 if form.errors else 200)


@require_POST
@MANAGES
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new temporary password, shown once; all the person's sessions end."""
    user: Any = request.user
    shown, password = _of_my_store(request, pk), _temporary_password()
    try:
        acts.reset_password(shown, password, by=user)
    except Refused as refusal:
        form = PersonForm(instance=shown, store=own_store(request))
        return _form_page(request, form, person=shown, status=409, refusal=refusal)
    return _handed_out(request, shown, password)


@require_POST
@MANAGES
def person_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in or not any more."""
    user: Any = request.user
    shown = _of_my_store(request, pk)
    try:
        acts.set_active(shown, request.POST.get("active") == "yes", by=user)
    except Refused as refusal:
        form = PersonForm(instance=shown, store=own_store(request))
        return _form_page(request, form, person=shown, status=409, refusal=refusal)
    messages.success(request, _("Saved."))
    return redirect("accounts:people")


@require_POST
@MANAGES
def department_manager(request: HttpRequest, pk: int) -> HttpResponse:
    """Who leads a department; nobody is allowed too."""
    user: Any = request.user
    department = get_object_or_404(Department.objects.of_own_store(user), pk=pk)
    chosen = request.POST.get("person", "")
    leader = _of_my_store(request, int(chosen)) if chosen.isdecimal() else None
    try:
        name_manager(department, leader)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("accounts:people")


@require_safe
@MANAGES
def roles(request: HttpRequest) -> HttpResponse:
    """What each role may do, from the one table."""
    columns = [(role, permissions_of([role])) for role in Role]
    rows = [
        (words, [permission in granted for _role, granted in columns])
        for permission, words in permission_words()
    ]
    return render(request, "accounts/roles.html", {"roles": list(Role), "rows": rows})


def permission_words() -> list[tuple[str, str]]:
    """What can be permitted, in words, in the order of the menu."""
    return [
        ("desk.search", _("find customers and cars")),
        ("customers.change_customer", _("keep customers, numbers and cars")),
        ("customers.show_number", _("show a number in full (is written down)")),
        ("customers.correct_sales_number", _("correct numbers for sales")),
        ("customers.correct_service_number", _("correct numbers for service")),
        ("customers.review_mileage", _("review mileage readings")),
        ("customers.stop_contact", _("stop contact at a customer's wish")),
        ("customers.change_schedule", _("change maintenance schedules")),
        ("care.work_queue", _("work the call queue")),
        ("care.view_team", _("see the team's calls")),
        ("care.reassign_call", _("reassign calls")),
        ("care.view_script", _("read the scripts")),
        ("care.change_script", _("write scripts")),
        ("care.change_policy", _("change the numbers of care")),
        ("ssi.ask", _("ask the survey")),
        ("ssi.view_scores", _("see the internal SSI")),
        ("ssi.change_model", _("change the survey models")),
        ("ssi.view_honesty", _("see marks of doubt and re-calls")),
        ("ssi.recall", _("ask customers the survey again")),
        ("ssi.check_rooms", _("check 5S and the showroom")),
        ("ssi.change_guide", _("write the action guide")),
        ("complaints.take_step", _("take steps of quick responses")),
        ("penalties.view_all", _("see everybody's performance deduction proposals")),
        ("penalties.decide", _("decide on performance deduction proposals")),
        ("penalties.decide_appeal", _("decide on appeals")),
        ("penalties.issue", _("issue signed proposals and close the month")),
        ("penalties.change_rules", _("change the rules of penalties")),
        ("reports.submit", _("submit the month report")),
        ("reports.review", _("review the month report")),
        ("reports.decide", _("approve the month report")),
        ("messaging.view_message", _("see SMS and e-mail")),
        ("messaging.change_template", _("write message texts")),
        ("messaging.settle_message", _("settle messages without answer")),
        ("exchange.import_files", _("import data of the DMS")),
        ("audit.export_lists", _("take lists out as files (is written down)")),
        ("audit.view_audit", _("see who looked at, changed and took out what")),
        ("accounts.manage_people", _("keep people and roles")),
        ("accounts.manage_teams", _("keep the teams of sales")),
        ("accounts.manage_roster", _("keep the roster")),
        ("accounts.manage_calendar", _("keep the calendar")),
        ("accounts.manage_store", _("change the store and its call slots")),
    ]


def _of_my_store(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.filter(store=own_store(request)), pk=pk)


def _temporary_password() -> str:
    return get_random_string(TEMPORARY_LENGTH, READABLE)


def _handed_out(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Shown in this answer and kept nowhere."""
    context = {"person": person, "password": password}
    return render(request, "accounts/password_handed_out.html", context)


def _form_page(
    request: HttpRequest,
    form: PersonForm,
    *,
    person: User | None = None,
    status: int = 200,
    refusal: Refused | None = None,
) -> HttpResponse:
    user: Any = request.user
    if person is not None:
        person.refresh_from_db()  # the form has put what was typed into it
    context = {
        "form": form,
        "person": person,
        "refusal": refusal,
        "decides": person is None or (may_decide_on(user.roles, person.roles) and person != user),
    }
    return render(request, "accounts/person.html", context, status=status)
