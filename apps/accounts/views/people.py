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
from apps.accounts.permission_words import PERMISSION_WORDS
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
        for permission, words in PERMISSION_WORDS
    ]
    return render(request, "accounts/roles.html", {"roles": list(Role), "rows": rows})


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
