"""How far a new store is, step by step: what is there and what lacks, counted from the rows."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import CalendarDay, CallSlots, Department, Store, User
from apps.accounts.queries import calendar_of, memberships, on_duty, teams_on
from apps.care.actions.defaults import SCRIPTS
from apps.care.choices import CallKind
from apps.care.models import Call, CarePolicy, Script
from apps.checklists.choices import ChecklistKind
from apps.checklists.models import ChecklistTemplate
from apps.complaints.models import ResponseNumbers
from apps.customers.models import Customer, MaintenanceSchedule, Vehicle
from apps.delivery.models import Delivery, DeliveryArea, HandOver
from apps.desk.setting_up import State
from apps.exchange.choices import ImportStatus
from apps.exchange.models import ImportRun
from apps.messaging.choices import Channel, TemplateKey
from apps.messaging.defaults import TEXTS
from apps.messaging.queries import texts_on
from apps.penalties.choices import Clause
from apps.penalties.models import GreetingDuty, PenaltyPolicy, Rule
from apps.reception.models import CarModel, DemoCar, DriveRoute, ShowroomVisit, TrimPrice
from apps.reports.choices import Figure
from apps.reports.models import FigureTarget
from apps.service.models import Appointment, Bay, Capacity, Operation, Part, Technician
from apps.ssi.guide_supplied import GUIDE
from apps.ssi.models import GuideAction, SsiPolicy, SurveyModel
from apps.ssi.queries.survey_models import not_taken_over

# Without one of these some work of the first day has nobody who may do it (a person may hold
# several roles).
NEEDED = (
    Role.GENERAL_MANAGER,
    Role.ADMINISTRATION,
    Role.SALES_MANAGER,
    Role.SALES_CONSULTANT,
    Role.RECEPTIONIST,
    Role.SERVICE_MANAGER,
    Role.SERVICE_ADVISOR,
    Role.WORKSHOP,
    Role.CARE_MANAGER,
    Role.CARE_SPECIALIST,
    Role.INSURANCE_SPECIALIST,
)
LED = (DepartmentKind.SALES, DepartmentKind.SERVICE, DepartmentKind.CARE)
ON_DUTY = (Role.RECEPTIONIST, Role.SALES_CONSULTANT, Role.SERVICE_ADVISOR, Role.CARE_SPECIALIST)
ALIYUN = "apps.messaging.aliyun."
WORDS = {
    "city": pgettext_lazy("set-up", "city"),
    "regions": pgettext_lazy("set-up", "regions that count as local"),
    "slots": pgettext_lazy("set-up", "call time slots"),
    "team": pgettext_lazy("set-up", "a team"),
    "bay": pgettext_lazy("set-up", "a bay"),
    "technician": pgettext_lazy("set-up", "a technician"),
    "numbers": pgettext_lazy("set-up", "numbers"),
    "operation": pgettext_lazy("set-up", "an operation"),
    "part": pgettext_lazy("set-up", "a part"),
    "schedule": pgettext_lazy("set-up", "a maintenance schedule"),
    "model": pgettext_lazy("set-up", "a model"),
    "price": pgettext_lazy("set-up", "a price that holds"),
    "demo_car": pgettext_lazy("set-up", "a car for test drives"),
    "route": pgettext_lazy("set-up", "a route for test drives"),
    "area": pgettext_lazy("set-up", "a delivery area"),
    "buyers": pgettext_lazy("set-up", "a survey model for buyers"),
    "lost": pgettext_lazy("set-up", "a survey model for lost buyers"),
    "supplied": pgettext_lazy("set-up", "a supplied model, script or message"),
    "action": pgettext_lazy("set-up", "an action against weaknesses"),
    "greeter": pgettext_lazy("set-up", "the person of this month"),
    "import": pgettext_lazy("set-up", "an import that was taken"),
    "calls": pgettext_lazy("set-up", "calls"),
    "visit": pgettext_lazy("set-up", "a visit"),
    "appointment": pgettext_lazy("set-up", "an appointment"),
    "hand_over": pgettext_lazy("set-up", "a hand-over"),
}


def _state(have: str = "", **lacking: Any) -> State:
    """``lacking``: name → is it missing? The names are the words of ``WORDS``."""
    return State(have, [str(WORDS[name]) for name, missing in lacking.items() if missing])


def the_store(store: Store, today: date) -> State:
    hours = f"{store.opens_at:%H:%M}–{store.closes_at:%H:%M}"
    return _state(f"{store} {hours}", city=not store.city, regions=not store.local_regions)


def slots(store: Store, today: date) -> State:
    return _state(slots=CallSlots.objects.in_force(store, today) is None)


def the_calendar(store: Store, today: date) -> State:
    coming = CalendarDay.objects.filter(store=store, on__gte=today).count()
    return _state(_("days said by hand: %(count)s") % {"count": coming})


def people(store: Store, today: date) -> State:
    roles = list(User.objects.filter(store=store, is_active=True).values_list("roles", flat=True))
    given = {role for some in roles for role in some}
    lacks = [str(role.label) for role in NEEDED if role not in given]
    return State(_("people: %(count)s") % {"count": len(roles)}, lacks)


def leaders(store: Store, today: date) -> State:
    there = Department.objects.filter(store=store, manager__isnull=False)
    led = set(there.values_list("kind", flat=True))
    lacks = [str(kind.label) for kind in LED if kind not in led]
    return State(_("departments with a manager: %(count)s") % {"count": len(led)}, lacks)


def the_teams(store: Store, today: date) -> State:
    teams, without = teams_on(store, today, memberships(store))
    lacks = [str(person) for person in without]
    if not teams:
        lacks.insert(0, str(WORDS["team"]))
    return State("、".join(str(team) for team, _members in teams), lacks)


def the_roster(store: Store, today: date) -> State:
    calendar = calendar_of(store)
    day = calendar.working_day_after(today, 1)
    there = {role: len(on_duty(store, day, role, calendar)) for role in ON_DUTY}
    have = _("on duty on %(day)s: %(count)s") % {"day": day, "count": sum(there.values())}
    return State(have, [str(role.label) for role, count in there.items() if not count])


def workshop(store: Store, today: date) -> State:
    bays = Bay.objects.filter(store=store, active=True).count()
    people = Technician.objects.filter(store=store, active=True).count()
    have = _("bays: %(bays)s, technicians: %(people)s") % {"bays": bays, "people": people}
    numbers = Capacity.objects.in_force(store, today)
    return _state(have, bay=not bays, technician=not people, numbers=numbers is None)


def operations(store: Store, today: date) -> State:
    count = Operation.objects.filter(store=store, active=True).count()
    return _state(_("operations: %(count)s") % {"count": count}, operation=not count)


def parts(store: Store, today: date) -> State:
    count = Part.objects.filter(store=store, active=True).count()
    return _state(_("parts: %(count)s") % {"count": count}, part=not count)


def schedules(store: Store, today: date) -> State:
    there = MaintenanceSchedule.objects.filter(store=store, effective_from__lte=today)
    return _state(schedule=not there.exists())


def models(store: Store, today: date) -> State:
    count = CarModel.objects.filter(store=store, is_sold=True).count()
    holding = Q(until__isnull=True) | Q(until__gte=today)
    prices = TrimPrice.objects.filter(holding, store=store, effective_from__lte=today)
    have = _("models: %(count)s") % {"count": count}
    return _state(have, model=not count, price=not prices.exists())


def test_drives(store: Store, today: date) -> State:
    cars = DemoCar.objects.filter(store=store, is_used=True).count()
    routes = DriveRoute.objects.filter(store=store, is_used=True).count()
    have = _("cars: %(cars)s, routes: %(routes)s") % {"cars": cars, "routes": routes}
    return _state(have, demo_car=not cars, route=not routes)


def hand_overs(store: Store, today: date) -> State:
    areas = [str(a) for a in DeliveryArea.objects.filter(store=store, active=True)]
    return _state("、".join(areas), area=not areas)


def checklists(store: Store, today: date) -> State:
    """The second 5S check has no list of its own: it looks at points of the first again."""
    there = set(ChecklistTemplate.objects.filter(store=store).values_list("kind", flat=True))
    own = [kind for kind in ChecklistKind if kind != ChecklistKind.FIVE_S_SECOND]
    lacks = [str(kind.label) for kind in own if kind not in there]
    return State(_("lists: %(count)s") % {"count": len(there)}, lacks)


def care_numbers(store: Store, today: date) -> State:
    return _state(numbers=CarePolicy.objects.in_force(store, today) is None)


def scripts(store: Store, today: date) -> State:
    there = set(Script.objects.filter(store=store).values_list("kind", flat=True))
    lacks = [str(CallKind(kind).label) for kind in SCRIPTS if kind not in there]
    return State(_("scripts: %(count)s") % {"count": len(there)}, lacks)


def message_texts(store: Store, today: date) -> State:
    """A text without its code at the provider is not sent, when the provider asks for one."""
    rows = {(row.key, row.channel): row for row in texts_on(store, today)}
    lacks = [
        f"{TemplateKey(key).label} ({Channel(channel).label})"
        for key, channel, _subject, _text in TEXTS
        if (key, channel) not in rows
    ]
    if settings.SMS_BACKEND.startswith(ALIYUN):
        lacks += [
            _("code at the provider: %(text)s") % {"text": row.get_key_display()}
            for row in rows.values()
            if row.channel == Channel.SMS and not row.provider_code
        ]
    return State(_("texts: %(count)s") % {"count": len(rows)}, lacks)


def survey_models(store: Store, today: date) -> State:
    asked = [SurveyModel.objects.in_force(store, today, of_buyers=who) for who in (True, False)]
    return _state(
        "、".join(str(model) for model in asked if model),
        buyers=asked[0] is None,
        lost=asked[1] is None,
        numbers=SsiPolicy.objects.in_force(store, today) is None,
        supplied=not_taken_over(store),
    )


def guide(store: Store, today: date) -> State:
    there = set(GuideAction.objects.filter(store=store).values_list("factor", flat=True))
    lacks = [str(WORDS["action"])] if set(GUIDE) - there else []
    return State(_("factors: %(count)s") % {"count": len(there)}, lacks)


def limits(store: Store, today: date) -> State:
    return _state(numbers=ResponseNumbers.objects.in_force(store, today) is None)


def rules(store: Store, today: date) -> State:
    there = Rule.objects.in_force(store, today)
    lacks = [str(clause.label) for clause in Clause if clause not in there]
    if PenaltyPolicy.objects.in_force(store, today) is None:
        lacks.append(str(WORDS["numbers"]))
    return State(_("rules in use: %(count)s") % {"count": _used(there)}, lacks)


def _used(found: dict[str, Any]) -> int:
    return sum(rule.is_on for rule in found.values())


def greeter(store: Store, today: date) -> State:
    """Named once: from then on the page of greetings warns of each month."""
    named = GreetingDuty.objects.filter(store=store).select_related("person").first()
    have = f"{named.month:%Y-%m} {named.person}" if named else ""
    return _state(have, greeter=named is None)


def targets(store: Store, today: date) -> State:
    """Also those that hold from a coming day on: a target begins tomorrow at the earliest."""
    there = set(FigureTarget.objects.filter(store=store).values_list("figure", flat=True))
    lacks = [str(figure.label) for figure in Figure if figure not in there]
    return State(_("targets: %(count)s") % {"count": len(there)}, lacks)


def imports(store: Store, today: date) -> State:
    taken = ImportRun.objects.filter(store=store, status=ImportStatus.APPLIED)
    customers = Customer.objects.filter(store=store)[:1].exists()
    cars = Vehicle.objects.filter(store=store).count() if customers else 0
    return _state(_("cars: %(count)s") % {"count": cars}, **{"import": not taken.exists()})


def calls(store: Store, today: date) -> State:
    return _state(calls=not Call.objects.filter(store=store)[:1].exists())


def visits(store: Store, today: date) -> State:
    return _state(visit=not ShowroomVisit.objects.filter(store=store)[:1].exists())


def appointments(store: Store, today: date) -> State:
    return _state(appointment=not Appointment.objects.filter(store=store)[:1].exists())


def deliveries(store: Store, today: date) -> State:
    there = HandOver.objects.filter(store=store)[:1].exists()
    return _state(hand_over=not there and not Delivery.objects.filter(store=store)[:1].exists())
