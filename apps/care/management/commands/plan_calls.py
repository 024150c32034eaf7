"""What beat does every few minutes, for any day (ARCHITECTURE §5)."""

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.care.actions import planning
from apps.care.choices import CallKind

UNUSABLE = 2


class Command(BaseCommand):
    help = "Plan the calls owed on a day: create, withdraw, reopen, lapse."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--store", metavar="CODE", help="default: all stores")
        parser.add_argument("--dry-run", action="store_true", help="say it, write nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.localtime()
        on = _day(options["on"]) if options["on"] else now.date()
        now = now.replace(year=on.year, month=on.month, day=on.day)  # as if it were that day
        stores = _stores(options["store"])
        if options["dry_run"]:
            with transaction.atomic():
                created, changed = _run(on, stores, now)
                transaction.set_rollback(True)
        else:
            created, changed = _run(on, stores, now)
        answer = {"on": on.isoformat(), "created": created, **changed}
        if options["json"]:
            self.stdout.write(json.dumps(answer))
            return
        self.stdout.write(f"{on}" + (_(" (nothing written)") if options["dry_run"] else ""))
        for kind, count in created.items():
            self.stdout.write(f"  {CallKind(kind).label}: {count}")
        for change, count in changed.items():
            self.stdout.write(f"  {change}: {count}")


def _run(on: date, stores: list[Store], now: datetime) -> tuple[dict[str, int], dict[str, int]]:
    return (
        dict(planning.plan(on=on, stores=stores, now=now)),
        dict(planning.tidy(on=on, stores=stores, now=now)),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("%(text)s is not a day. Write it as 2026-11-23.") % {"text": text},
            returncode=UNUSABLE,
        ) from None


def _stores(code: str | None) -> list[Store]:
    stores = list(Store.objects.filter(code=code) if code else Store.objects.all())
    if not stores and code:
        raise CommandError(_("There is no store %(code)s.") % {"code": code}, returncode=UNUSABLE)
    return stores
