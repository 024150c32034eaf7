"""``manage.py add_store CODE NAME``: an empty store that can start to work."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.models import Store
from apps.desk.actions import add_store


class Command(BaseCommand):
    help = "Add an empty store with default policies, scripts, texts and departments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="short and unique, as SH01")
        parser.add_argument("name", help="as customers know it")
        parser.add_argument("--city", default="")
        parser.add_argument(
            "--local",
            action="append",
            default=[],
            metavar="REGION",
            help="counts as local: home region of phones (上海) or first characters of plates (沪)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["code"]
        if Store.objects.filter(code=code).exists():
            self.stderr.write(f"Store {code} exists already. Nothing was changed.")
            sys.exit(2)
        store = add_store(
            code, options["name"], city=options["city"], local_regions=options["local"]
        )
        self.stdout.write(f"Store {store.code} ({store.name}) is ready: add its people next.")
