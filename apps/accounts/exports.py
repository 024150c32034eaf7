"""The lists of this app that can be taken out as files (DATA-03)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import memberships, people_of
from apps.core.tables import Listing


def _people(user: Any, asked: Mapping[str, Any], today: date) -> Any:
    return people_of(user.store, gone=asked.get("show") == "gone")


def _teams(user: Any, _asked: Mapping[str, Any], _today: date) -> Any:
    return memberships(user.store) if user.store else []


LISTINGS = {
    "accounts:people": Listing(
        _("People"),
        "accounts.manage_people",
        _people,
        (
            (_("Name"), lambda row: row.name),
            (_("User name"), lambda row: row.username),
            (_("Department"), lambda row: row.department),
            (_("Roles"), lambda row: "、".join(row.role_labels)),
            (_("Last signed in"), lambda row: row.last_login),
        ),
    ),
    "accounts:teams": Listing(
        _("Teams"),
        "accounts.manage_teams",
        _teams,
        (
            (_("Name"), lambda row: row.row.user),
            (_("Team"), lambda row: row.row.team),
            (_("From"), lambda row: row.row.from_on),
            (_("Until"), lambda row: row.until),
        ),
    ),
}
