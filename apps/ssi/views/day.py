"""The specialist's day: what is left first (SSI-06)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistRun
from apps.ssi.policy import day as policy
from apps.ssi.queries import day as queries
from apps.ssi.queries.recalls import waiting
from apps.ssi.queries.rooms import second_hours
from apps.ssi.views.gates import may_ask

LABELS = {
    "first_check": _("First 5S check"),
    "dsm": _("DSM records to check"),
    "surveys": _("Survey calls"),
    "quick": _("Quick responses"),
    "second_check": _("Second 5S check"),
    "reminders": _("Reminders and other calls due"),
    "mileage": _("Mileage asked and written down"),
    "bookings": _("Bookings to hand over"),
}


@dataclass(frozen=True)
class Piece:
    """One line of the day."""

    key: str
    label: Any
    hours: policy.Hours
    count: policy.Count
    url: str
    late: bool
    now: bool
    run: ChecklistRun | None = None


@require_safe
@may_ask
def day(request: HttpRequest) -> HttpResponse:
    """One's own day; a manager sees each specialist's, and opens one of them."""
    user: Any = request.user
    store = get_object_or_404(Store, pk=user.store_id)
    now = timezone.localtime()
    leads = user.has_perm("care.view_team")
    people = list(queries.specialists(store)) if leads else []
    person = _person(request, people)
    shared, runs = queries.of_store(store, now)
    counts = shared | queries.of_one(store, person or user, now)
    asks = person is not None or user.has_role(Role.CARE_SPECIALIST)
    keys = [key for key in policy.DAY if asks or key in _OF_LEADER]
    hours = policy.with_second(*second_hours(store, now.date()))
    pieces = _pieces(counts, runs, now, keys, _links(person), hours)
    team = queries.of_people(store, people, now) if leads and person is None else {}
    context = {
        "now": now,
        "person": person,
        "pieces": pieces,
        "left": sum(piece.count.left > 0 for piece in pieces),
        "cars": queries.cars_without_mileage(store, person or user, now.date()),
        "team": [
            (one, [(LABELS[key], team[one.pk][key]) for key in _OF_TEAM]) for one in people if team
        ],
        "columns": [LABELS[key] for key in _OF_TEAM],
        "recalls": waiting(user).count() if user.has_perm("ssi.recall") and not person else 0,
    }
    return render(request, "ssi/day.html", context)


_OF_TEAM = ("surveys", "reminders", "mileage", "bookings")
_OF_LEADER = ("first_check", "dsm", "quick", "second_check")  # who makes no calls himself


def _person(request: HttpRequest, people: list[User]) -> User | None:
    """The specialist whose day a manager opens; nobody of whom he does not answer for."""
    asked = request.GET.get("person", "")
    return next((one for one in people if str(one.pk) == asked), None)


def _pieces(
    counts: queries.Counts,
    runs: dict[str, ChecklistRun],
    now: Any,
    keys: list[str],
    links: dict[str, str],
    hours: dict[str, policy.Hours],
) -> list[Piece]:
    return [
        Piece(
            key,
            LABELS[key],
            hours[key],
            counts[key],
            links[key],
            policy.is_late(key, counts[key], now.time(), hours),
            policy.is_now(key, now.time(), hours),
            runs.get(key),
        )
        for key in policy.what_is_left_first(keys, counts, now.time(), hours)
    ]


def _links(person: User | None) -> dict[str, str]:
    """Where each piece is done; ``person``: where a manager sees what is his."""
    mine = f"{reverse('care:calls')}?specialist={person.pk}" if person else reverse("care:my-calls")
    first, second = ChecklistKind.FIVE_S_FIRST, ChecklistKind.FIVE_S_SECOND
    return {
        "first_check": reverse("penalties:fives-check", args=[first]),
        "dsm": reverse("delivery:dsm-list"),
        "surveys": reverse("ssi:sheet"),
        "quick": reverse("complaints:board"),
        "second_check": reverse("penalties:fives-check", args=[second]),
        "reminders": mine,
        "mileage": "#mileage",
        "bookings": reverse("service:handover-list"),
    }
