"""Who may open re-calls and marks of doubt (SSI-10)."""

from datetime import date

from apps.accounts.choices import Role
from apps.ssi.models import Recall, RecallSample
from tests.access import Page
from tests.factories import NOW, make_user
from tests.ssi.made import finished_response

CALLS = {Role.CARE_MANAGER}
SEES = CALLS | {Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
OCTOBER = date(2026, 10, 1)


def a_recall(store):
    """An interview of October that was drawn."""
    asker = make_user(f"asker{Recall.objects.count()}{store.pk}", store, Role.CARE_SPECIALIST)
    response = finished_response(store, on=date(2026, 10, 14), interviewer=asker)
    sample, _new = RecallSample.objects.get_or_create(
        store=store,
        month=OCTOBER,
        defaults={"seed": 7, "share": 5, "population": [response.pk], "drawn_at": NOW},
    )
    return Recall.objects.create(store=store, sample=sample, response=response)


PAGES = {
    "ssi:recalls": Page(roles=SEES),
    "ssi:recall": Page(roles=SEES, make=a_recall),
    "ssi:recall-missed": Page("post", roles=CALLS, make=a_recall),
    "ssi:honesty": Page(roles=SEES),
}
