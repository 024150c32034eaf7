"""What the clock does four times a day, for any day that has come (PEN-06)."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store
from apps.penalties.actions.detect import detect_until
from apps.penalties.choices import Clause

UNUSABLE = 2


class Command(BaseCommand):
    help = (
        "Propose what the rules find in the month of a day and the month before it. "
        "Twice, or late, gives the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="default: today")
        parser.add_argument("--store", metavar="CODE", help="default: all stores")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        # The time to explain runs from today, whatever day is judged.
        now = timezone.now()
        today = timezone.localdate(now)
        on = _day(options["on"], today) if options["on"] else today
        stores = _stores(options["store"])
        made = detect_until(on=on, now=now, stores=stores)
        if options["json"]:
            self.stdout.write(json.dumps({"on": on.isoformat(), "proposed": made}))
            return
        self.stdout.write(f"{on}")
        for clause, count in made.items():
            self.stdout.write(f"  {Clause(clause).label}: {count}")


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(
            _("%(text)s is not a day. Write it as 2026-11-23.") % {"text": text},
            returncode=UNUSABLE,
        ) from None
    if day > today:
        raise CommandError(_("%(day)s has not come yet.") % {"day": day}, returncode=UNUSABLE)
    return day


def _stores(code: str | None) -> list[Store]:
    stores = list(Store.objects.filter(code=code) if code else Store.objects.all())
    if not stores and code:
        raise CommandError(_("There is no store %(code)s.") % {"code": code}, returncode=UNUSABLE)
    return stores
