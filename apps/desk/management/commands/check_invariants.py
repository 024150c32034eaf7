"""The rules of ARCHITECTURE §7 on the live database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from apps.desk.invariants import INVARIANTS


class Command(BaseCommand):
    help = "Check what must always hold; exit 1 and the rows where it does not."

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for name, check in INVARIANTS.items():
            rows = check()
            failed = failed or bool(rows)
            says = (check.__doc__ or "").splitlines()[0].removeprefix(f"{name}: ")
            self.stdout.write(f"{name} {'BROKEN' if rows else 'holds'}: {says}")
            for row in rows:
                self.stdout.write(f"    {row}")
        if failed:
            sys.exit(1)
