"""What waits for a person today: numbers that are links to their rows (the home page)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.accounts.queries import store_shown
from apps.audit.choices import AccessKind
from apps.audit.models import Access
from apps.care.choices import CallKind, CallStatus, Result
from apps.care.models import Call
from apps.care.queries.boards import DONE, DayOf, attempts_on, today_board
from apps.care.queries.campaigns import meter as campaign_meter
from apps.care.queries.lists import OPEN, due, start_of
from apps.care.queries.queue import shift_of
from apps.complaints.choices import OPEN_STEPS
from apps.complaints.queries import seen_by, waits_for
from apps.customers.choices import CorrectionStatus
from apps.customers.models import Customer, NumberCorrection
from apps.desk.menu import CAP
from apps.desk.waiting import Rows, failed_today, my_corrections, odd_readings, unknown_messages
from apps.exchange.choices import ImportStatus
from apps.exchange.models import ImportRun
from apps.penalties.queries.fives_sheet import unread
from apps.penalties.queries.proposals import for_me, to_decide, to_issue
from apps.penalties.queries.sheets import to_close

SHOWN = 6  # lines of a short list


@dataclass(frozen=True)
class Tile:
    """One number with its link; ``tone`` is shown unless the number is nought."""

    label: str
    number: int | str
    url: str
    icon: str
    tone: str = ""


@dataclass(frozen=True)
class MyDay:
    """A specialist's day."""

    tiles: list[Tile]
    promised: list[Call]
    birthdays: int
    birthday_minutes: int  # until the deadline of CARE-05; 0 when it has passed
    done: dict[str, int]


def my_day(user: User, now: datetime) -> MyDay:
    """What a specialist owes and has done today (CARE-05, CARE-14, CARE-22). Six queries."""
    day = now.date()
    calls = Call.objects.visible_to(user).filter(status__in=OPEN)
    own = calls.filter(owner=user).aggregate(
        open=Count("pk"),
        today=Count("pk", filter=due(due_on=day)),
        overdue=Count("pk", filter=due(due_on__lt=day)),
    )
    for_me = Q(callback_for=user) | Q(callback_for=None, owner=user)
    promised = list(
        calls.filter(for_me, status=CallStatus.WAITING, callback_at__isnull=False)
        .select_related("customer", "vehicle")
        .order_by("callback_at")[:SHOWN]
    )
    done = (
        attempts_on(user, day)
        .filter(by=user)
        .aggregate(
            dialled=Count("conversation", distinct=True),
            **{name: Count("pk", filter=condition) for name, condition in DONE.items()},
        )
    )
    answered = NumberCorrection.objects.visible_to(user).filter(
        asked_by=user, status=CorrectionStatus.DONE, done_at__gte=start_of(day)
    )
    mine = address("care:my-calls")
    tiles = [
        Tile(_("due today"), own["today"], mine, "calendar-due", "orange"),
        Tile(_("overdue"), own["overdue"], mine, "clock-exclamation", "red"),
        Tile(_("my open calls"), own["open"], mine, "phone"),
        Tile(_("numbers corrected today"), answered.count(), mine, "phone-check"),
    ]
    birthdays, minutes = _birthdays(user, now)
    return MyDay(tiles, promised, birthdays, minutes, done)


def _birthdays(user: User, now: datetime) -> tuple[int, int]:
    """Who is still to be greeted, and the minutes left. Two queries."""
    if user.store_id is None:
        return 0, 0
    waiting = Call.objects.of_own_store(user).filter(
        kind=CallKind.BIRTHDAY, status__in=OPEN, event_on=now.date()
    )
    until = shift_of(user.store_id, now).birthdays_until
    left = (until - now.replace(tzinfo=None)).total_seconds() // 60 if until else 0
    return waiting.count(), max(int(left), 0)


@dataclass(frozen=True)
class TeamDay:
    """What a care manager watches."""

    tiles: list[Tile]
    board: list[DayOf]


def team_day(user: User, now: datetime) -> TeamDay:
    """The team's open calls and each specialist's day. Six queries at most."""
    day = now.date()
    counted = (
        Call.objects.visible_to(user)
        .filter(status__in=OPEN)
        .aggregate(
            overdue=Count("pk", filter=due(due_on__lt=day)),
            today=Count("pk", filter=due(due_on=day)),
            made_up=Count("pk", filter=Q(made_up=True)),
            churn=Count("pk", filter=Q(kind=CallKind.CHURN)),
        )
    )
    team = address("care:calls")
    failed, since = _capped(failed_today(user, day)), f"{address('care:failed')}?since={day}"
    tiles = [
        Tile(_("due today"), counted["today"], f"{team}?state=today", "calendar-due", "orange"),
        Tile(_("overdue"), counted["overdue"], f"{team}?state=overdue", "clock-exclamation", "red"),
        Tile(_("failed reminders today"), failed, since, "phone-x", "red"),
        Tile(_("made-up calls open"), counted["made_up"], f"{team}?made_up=yes", "history"),
        Tile(_("churn calls open"), counted["churn"], address("care:churn"), "user-off"),
    ]
    if user.has_perm("messaging.settle_message"):
        unknown, link = _capped(unknown_messages(user, day)), address("messaging:unknown-list")
        tiles.append(Tile(_("messages without answer"), unknown, link, "message-question", "red"))
    one_store = len(user.store_ids) == 1
    if one_store and user.has_perm("care.view_campaign"):
        tiles.append(_greetings(user, day))
    return TeamDay(tiles, today_board(user, day) if one_store else [])


def _greetings(user: User, day: date) -> Tile:
    """The month meter of CARE-06. Three queries."""
    meter = campaign_meter(store_shown(user, {}), day)
    shown, link = f"{meter['done']}/{meter['wanted']}", address("care:campaign-list")
    tone = "orange" if meter["short"] else ""
    label = _("greetings and notices of this month")
    return Tile(label, shown, f"{link}?{meter['query']}", "speakerphone", tone)


@dataclass(frozen=True)
class StoreDay:
    """One store's line for who reads several."""

    store: Store
    open: int
    overdue: int
    dialled: int
    reached: int
    booked: int


def stores_day(user: User, now: datetime) -> list[StoreDay]:
    """Each store's open and overdue calls and today's work. Three queries however many stores."""
    day = now.date()
    calls = (
        Call.objects.visible_to(user)
        .filter(status__in=OPEN)
        .order_by()
        .values("store")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=due(due_on__lt=day)))
    )
    work = (
        attempts_on(user, day)
        .order_by()
        .values("store")
        .annotate(
            dialled=Count("conversation", distinct=True),
            reached=Count("pk", filter=DONE["reached"]),
            booked=Count("pk", filter=Q(result=Result.BOOKED)),
        )
    )
    found: dict[int, dict[str, Any]] = {}
    for row in [*calls, *work]:
        found.setdefault(row.pop("store"), {}).update(row)
    none = dict.fromkeys(("open", "overdue", "dialled", "reached", "booked"), 0)
    return [
        StoreDay(store=store, **{**none, **found.get(store.pk, {})})
        for store in Store.objects.filter(pk__in=user.store_ids)
    ]


@dataclass(frozen=True)
class ArchiveDay:
    """What the departments owe the archive."""

    tiles: list[Tile]
    corrections: list[NumberCorrection]


def archive_day(user: User, day: date) -> ArchiveDay:
    """Numbers to correct and odometers to review (CUS-03, CUS-07). At most three queries."""
    tiles, corrections = [], []
    if user.has_perm("customers.correct_number"):
        asked = my_corrections(user, day)
        corrections = list(asked.select_related("customer", "asked_by")[:SHOWN])
        number, link = _capped(asked), address("customers:correction-list")
        tiles.append(Tile(_("numbers to correct"), number, link, "phone-check", "orange"))
    if user.has_perm("customers.review_mileage"):
        link = address("customers:reading-list")
        tiles.append(
            Tile(_("mileage readings to review"), _capped(odd_readings(user, day)), link, "gauge")
        )
    return ArchiveDay(tiles, corrections)


def looked_at(user: User) -> list[Customer]:
    """The customers that this person looked at last, for who is asked at the door. Two queries."""
    seen = Access.objects.filter(user=user, kind=AccessKind.VIEW, model="customers.customer")
    pks = dict.fromkeys(seen.order_by("-at", "-pk").values_list("object_pk", flat=True)[:CAP])
    found = (
        Customer.objects.visible_to(user).prefetch_related("vehicles").in_bulk(list(pks)[:SHOWN])
    )
    return [found[pk] for pk in pks if pk in found]


def people_tiles(user: User) -> list[Tile]:
    """The people of the store, for who keeps them. One query."""
    counted = User.objects.filter(store=user.store_id, is_active=True).aggregate(
        here=Count("pk"),
        temporary=Count("pk", filter=Q(password_is_temporary=True)),
        idle=Count("pk", filter=Q(roles=[])),
    )
    link = address("accounts:people")
    return [
        Tile(_("people"), counted["here"], link, "users"),
        Tile(_("with a temporary password"), counted["temporary"], link, "key"),
        Tile(_("without a role"), counted["idle"], link, "user-question", "orange"),
    ]


def import_tiles(user: User) -> list[Tile]:
    """Imports that somebody has to take or throw away. One query."""
    ready = ImportRun.objects.visible_to(user).filter(status=ImportStatus.CHECKED)
    link = address("exchange:import-list")
    return [Tile(_("imports ready to be taken"), _capped(ready), link, "database-import", "blue")]


def response_tiles(user: User, now: datetime) -> list[Tile]:
    """Quick responses that wait for this person, and late ones of his department; the general
    manager's are those that were escalated to him (SSI-04). Two queries."""
    late = seen_by(user).filter(status__in=OPEN_STEPS, due_at__lt=now)
    link, all_late = address("complaints:board"), address("complaints:response-list")
    tiles = [
        Tile(_("late quick responses"), _capped(late), f"{all_late}?step=late", "urgent", "red")
    ]
    if user.has_perm("complaints.take_step"):
        mine = _capped(waits_for(user, now))
        tiles.insert(0, Tile(_("quick responses for me"), mine, link, "urgent", "blue"))
    return tiles


def proposal_tiles(user: User, on: date) -> list[Tile]:
    """Deduction proposals that wait for this person; no tile where none does (PEN-08)."""
    waits = [(_("deduction proposals for me"), for_me, "penalties:mine")]
    if user.has_perm("penalties.decide"):
        waits.append((_("deduction proposals to decide"), to_decide, "penalties:decisions"))
    if user.has_perm("penalties.issue"):
        waits.append((_("deduction proposals to issue"), to_issue, "penalties:issue-list"))
    counted = [(label, _capped(rows(user, on)), address(page)) for label, rows, page in waits]
    tiles = [Tile(label, n, link, "gavel", "orange") for label, n, link in counted if n]
    if sheets := _capped(unread(user, on)):
        link = address("penalties:fives-copies")
        tiles.append(Tile(_("5S sheets not seen yet"), sheets, link, "camera", "orange"))
    month = None
    if user.has_perm("penalties.close_month") and user.store_id:
        month = to_close(user.store_id, on)
    if month:
        link = address("penalties:sheets")
        tiles.append(Tile(_("month to close"), f"{month:%Y-%m}", link, "table", "orange"))
    return tiles


def address(name: str) -> str:
    """A page's address; empty when it does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _capped(rows: Rows) -> int | str:
    """How many, counted up to the cap only."""
    number = rows.order_by()[:CAP].count()
    return number if number < CAP else f"{CAP - 1}+"
