"""``manage.py add_administrator CODE USERNAME``: who sets a store up, by page."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.crypto import get_random_string

from apps.accounts.actions.people import add_administrator
from apps.accounts.models import Store
from apps.accounts.policy import READABLE, TEMPORARY_LENGTH
from apps.core.errors import Refused


class Command(BaseCommand):
    help = "Enter a system administrator of a store; the temporary password is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of the store, as SH01")
        parser.add_argument("username", help="for signing in")
        parser.add_argument("--name", default="系统管理员", help="as colleagues read it")

    def handle(self, *args: Any, **options: Any) -> None:
        store = Store.objects.filter(code=options["code"]).first()
        if store is None:
            self.stderr.write(f"There is no store {options['code']}. Nothing was changed.")
            sys.exit(2)
        password = get_random_string(TEMPORARY_LENGTH, READABLE)
        try:
            person = add_administrator(
                store, options["username"], options["name"], password=password
            )
        except Refused as refused:
            self.stderr.write(str(refused))
            sys.exit(2)
        self.stdout.write(f"{person.username} signs in to {store.name} with this password, once,")
        self.stdout.write(f"and then chooses another: {password}")
