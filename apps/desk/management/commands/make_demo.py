"""``manage.py make_demo``: a believable store to try the product on."""

import sys
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.accounts.choices import Role
from apps.core.errors import Refused
from apps.desk.demo import store
from apps.desk.demo.people import PASSWORD


class Command(BaseCommand):
    help = "Fill a store with made-up customers, cars, visits and calls, and one person a role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--store", default="DEMO", metavar="CODE")
        parser.add_argument("--vehicles", type=int, default=2000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--as-of", type=date.fromisoformat, metavar="DATE", help="else today")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.monotonic()
        try:
            stores = store.make(
                options["store"],
                vehicles=options["vehicles"],
                seed=options["seed"],
                on=options["as_of"] or timezone.localdate(timezone.now()),
                say=lambda text: self.stdout.write(f"  {text} cars"),
            )
        except Refused as refused:
            self.stderr.write(str(refused))
            sys.exit(2)
        for made in stores:
            self.stdout.write(f"{made.store.name}")
            for table, count in made.rows.items():
                self.stdout.write(f"  {count:>10,} {table}")
            for person in made.people.values():
                roles = ", ".join(str(Role(role).label) for role in person.roles)
                self.stdout.write(f"  {person.username:22} {person.name}  {roles}")
        self.stdout.write(f"Password of all of them: {PASSWORD}")
        self.stdout.write(f"Made in {time.monotonic() - start:.0f} s")
