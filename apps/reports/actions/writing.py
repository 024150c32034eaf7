"""The report of a month writes itself, and is written anew until somebody submits it (REP-09)."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.core.actions import action
from apps.core.dates import add_months, month_end
from apps.core.errors import Refused
from apps.core.moves import locked
from apps.reports.choices import ReportStatus
from apps.reports.figures.catalogue import Counted, of_report
from apps.reports.models import MonthlyReport, ReportFigure
from apps.reports.queries.reading import digest_of, targets_of


def write_reports(*, now: datetime) -> int:
    """Write what every store lacks up to the last month, none from before it worked here, and once
    a day anew what nobody has submitted. Twice, late, or on two machines at once writes nothing
    else. How many were written.
    """
    today = timezone.localdate(now)
    last = add_months(today.replace(day=1), -1)
    there: dict[Any, date] = dict(
        MonthlyReport.objects.order_by().values_list("store").annotate(Max("month"))
    )
    done = 0
    for store in Store.objects.all():
        begins = max(last, store.opened_on.replace(day=1))
        month = add_months(there[store.pk], 1) if store.pk in there else begins
        while month <= last:
            done += _written(store, month, now)
            month = add_months(month, 1)
    old = MonthlyReport.objects.filter(status=ReportStatus.DRAFT, written_at__date__lt=today)
    for report in old.select_related("store"):
        done += _written(report.store, report.month, now)
    return done


def _written(store: Store, month: date, now: datetime) -> bool:
    """Not, when somebody submitted it meanwhile: the others are written all the same."""
    with suppress(Refused):
        write_report(store, month, now=now)
        return True
    return False


@action
def write_report(store: Store, month: date, *, now: datetime) -> MonthlyReport:
    """Count the figures of a month into its report.

    Refused before the month is over, and when the report was submitted: then it is frozen.
    """
    if timezone.localdate(now) <= month_end(month):
        raise Refused(_("The month is not over yet."))
    report, _new = MonthlyReport.objects.get_or_create(
        store=store, month=month, defaults={"written_at": now}
    )
    report = locked(report)
    if report.status != ReportStatus.DRAFT:
        raise Refused(_("The report was submitted: its figures do not change any more."))
    targets = targets_of(store, month_end(month))
    report.figures.all().delete()
    ReportFigure.objects.bulk_create(
        _row(report, one, targets.get(one.figure)) for one in of_report(store, month, now)
    )
    report.written_at = now
    report.save(update_fields=["written_at"])
    return report


def _row(report: MonthlyReport, one: Counted, target: Any) -> ReportFigure:
    counted, whole = one.pks()
    return ReportFigure(
        store_id=report.store_id,
        report=report,
        figure=one.figure,
        month=one.month.first,
        is_final=one.is_final,
        n=len(counted),
        of=len(whole),
        value=one.value_of(len(counted), len(whole)),
        target=target,
        counted=counted,
        whole=whole,
        digest=digest_of(counted, whole),
    )
