"""The menu by role with how much waits behind each entry, and the rest of the shell."""

from collections import Counter
from dataclasses import replace
from typing import Any

from django.db.models import Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext as _

from apps.accounts.queries import slots_of
from apps.desk.entries import MENU
from apps.desk.entry import Entry
from apps.desk.exporting import may_export

CAP = 100  # a count is read from an index up to here, then shown as 99+


class Shell:
    """What base.html asks for. Nothing is read before it asks, so partials cost nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user
        self.now = timezone.localtime()

    @cached_property
    def menu(self) -> list[list[Entry]]:
        """The groups that have entries for this person, with counts: one query."""
        match = self.request.resolver_match
        here = match.view_name if match else ""
        granted = self.user.get_all_permissions()
        groups = [
            [
                replace(entry, url=url, here=here == entry.name or here in entry.covers)
                for entry in group
                if granted.intersection(entry.permissions) and (url := _address(entry.name))
            ]
            for group in MENU
        ]
        counts = self._counts([entry for group in groups for entry in group])
        return [
            [replace(entry, count=_capped(counts[entry.name])) for entry in group]
            for group in groups
            if group
        ]

    def _counts(self, entries: list[Entry]) -> Counter[str]:
        on = self.now.date()
        waiting = [
            rows(self.user, on)
            .order_by()
            .annotate(entry_name=Value(entry.name))
            .values_list("entry_name", flat=True)[:CAP]
            for entry in entries
            for rows in (entry.waiting, entry.also)
            if rows
        ]
        if not waiting:
            return Counter()
        first, *others = waiting
        return Counter(first.union(*others, all=True) if others else first)

    @cached_property
    def listing(self) -> str:
        """The list on this page, if this person may take it out (DATA-03)."""
        match = self.request.resolver_match
        name = match.view_name if match else ""
        return name if may_export(self.user, name) else ""

    @cached_property
    def store_name(self) -> str:
        if self.user.chosen_store_id is not None:
            return str(self.user.chosen_store)
        if len(self.user.all_store_ids) > 1:
            return _("%(count)s stores") % {"count": len(self.user.all_store_ids)}
        return str(self.user.store or "")

    @cached_property
    def store_switch(self) -> bool:
        return len(self.user.all_store_ids) > 1

    @cached_property
    def roles(self) -> str:
        return "、".join(self.user.role_labels)

    @cached_property
    def slot(self) -> str:
        """The call slot that is now, for those who call (ORG-05)."""
        if not self.user.has_perm("care.work_queue") or self.user.store is None:
            return ""
        times = slots_of(self.user.store, self.now.date())
        slot = times.at(self.now)
        if slot is None:
            return _("No call slot now")
        until = next(end for name, _start, end in times.times if name == slot)
        return _("%(slot)s slot, until %(until)s") % {"slot": slot.label, "until": f"{until:%H:%M}"}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"shell": SimpleLazyObject(lambda: Shell(request))}


def _address(name: str) -> str:
    """The entry's address; empty as long as its page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _capped(count: int) -> str:
    return f"{CAP - 1}+" if count >= CAP else str(count or "")
