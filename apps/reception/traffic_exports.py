"""The register of parties and the analysis as files (REC-01, REC-02)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.tables import Listing
from apps.core.templatetags.ui import masked
from apps.reception.choices.visit import Source, Stage
from apps.reception.figures import traffic as figures
from apps.reception.figures.traffic import STAGES, Count
from apps.reception.forms.traffic import TrafficFilter, VisitFilter


def _register(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    form = VisitFilter(asked, user=user)
    form.is_valid()  # what cannot be understood is left out, as on the page
    rows = figures.parties(user.store_ids, form.cleaned_data)
    return rows.select_related(*figures.SHOWN)


def _analysis(user: Any, asked: Mapping[str, Any], today: date) -> list[tuple[str, str, Count]]:
    form = TrafficFilter(asked, user=user)
    form.is_valid()
    found = figures.traffic(user.store_ids, figures.period(form.cleaned_data, today))
    return list(_lines(found))


def _lines(found: figures.Traffic) -> Iterator[tuple[str, str, Count]]:
    """(side, value, count): what the page shows, one below the other."""
    yield _("all"), "", found.whole
    for day, count in sorted(found.days.items()):
        yield _("day"), day.isoformat(), count
    for hour, count in found.by_hour().items():
        yield _("hour"), f"{hour}:00–{hour + 1}:00", count
    for weekday, count in found.by_weekday().items():
        yield _("weekday"), str(WEEKDAYS[weekday - 1]), count
    for source, count in found.sources.items():
        yield _("source"), str(Source(source).label), count
    people = User.objects.in_bulk([pk for pk in found.consultants if pk])
    for pk, count in found.consultants.items():
        yield _("sales consultant"), str(people[pk]) if pk else _("nobody"), count


def _at(stage: Stage) -> Callable[[Any], int]:
    return lambda line: int(line[2].stages[stage])


REGISTER = (
    (gettext_lazy("Came at"), lambda row: row.arrived_at),
    (gettext_lazy("Greeted after, seconds"), lambda row: row.greeted_after),
    (gettext_lazy("Greeted late"), lambda row: row.greeted_late),
    (gettext_lazy("People in the party"), lambda row: row.party_size),
    (gettext_lazy("First visit"), lambda row: row.first_time),
    (gettext_lazy("Customer"), lambda row: row.customer or ""),
    (gettext_lazy("Phone"), lambda row: masked(row.customer.main_phone) if row.customer else ""),
    (gettext_lazy("Remark"), lambda row: row.remark),
    (gettext_lazy("Source"), lambda row: row.get_source_display()),
    (gettext_lazy("Comes to"), lambda row: row.get_purpose_display()),
    (gettext_lazy("Sales consultant"), lambda row: row.consultant or ""),
    (gettext_lazy("Whose turn it was"), lambda row: row.turn_of or ""),
    (gettext_lazy("Why out of turn"), lambda row: row.get_turn_reason_display()),
    (gettext_lazy("Left a customer card"), lambda row: row.left_card),
    (gettext_lazy("Left at"), lambda row: row.left_at),
    (gettext_lazy("Result"), lambda row: row.get_result_display()),
    (gettext_lazy("Store"), lambda row: row.store),
)
ANALYSIS = (
    (gettext_lazy("Side"), lambda line: line[0]),
    (gettext_lazy("Value"), lambda line: line[1]),
    (gettext_lazy("Parties"), lambda line: line[2].parties),
    (gettext_lazy("People in the party"), lambda line: line[2].people),
    (gettext_lazy("Greeted in time"), lambda line: line[2].in_time),
    (gettext_lazy("Greeted late"), lambda line: line[2].late),
    *((stage.label, _at(stage)) for stage in STAGES),
)
TRAFFIC = {
    "reception:visit-list": Listing(
        gettext_lazy("Register of showroom visits"), "reception.view_register", _register, REGISTER
    ),
    "reception:traffic": Listing(
        gettext_lazy("Showroom traffic"), "reception.view_traffic", _analysis, ANALYSIS
    ),
}
