"""Who may see a proposal, and take which step (PEN-08)."""

from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from apps.accounts.choices import Role
from apps.penalties.actions.defaults import add_defaults
from apps.penalties.models import Penalty, Proof, Rule
from tests.access import Page
from tests.factories import make_call, make_user

DECIDES = {Role.CARE_MANAGER, Role.GENERAL_MANAGER}
SEES = DECIDES | {Role.ADMINISTRATION}
LEADS = {Role.SALES_MANAGER, Role.SERVICE_MANAGER}


def a_proposal(store, person=None, status="proposed", clause="reminder", **fields):
    """A proposal for a specialist of the store, at a status."""
    add_defaults(store)
    made = Penalty.objects.count()
    person = person or make_user(f"concerned{made}", store, Role.CARE_SPECIALIST)
    rules = Rule.objects.filter(store=store, clause=clause)
    now, rule = timezone.now(), rules.earliest("effective_from")
    values = {"amount": rule.low_amount, "event_on": date(2026, 10, 10), "evidence": {}} | fields
    if status not in ("proposed", "explained", "withdrawn"):
        decider = values.pop("decided_by", None) or make_user(f"decider{made}", store)
        values |= {"decided_by": decider, "decided_at": now}
    if status in ("signed", "issued"):
        values |= {"signed_at": now, "signed_how": "offender"}
    if status == "issued":
        values |= {"issued_by": values["decided_by"], "issued_at": now}
    return Penalty.objects.create(
        **{"store": store, "clause": clause, "rule": rule, "fact": f"call/{made}"},
        **{"person": person, "status": status, "detected_at": now},
        **{"explain_until": timezone.localdate(now) + timedelta(days=3)} | values,
    )


def at(status):
    return lambda store: a_proposal(store, status=status)


def with_picture(store):
    row = a_proposal(store)
    proof = Proof.objects.create(
        store=store, penalty=row, kind="attached", stored=uuid4(), by=row.person, at=timezone.now()
    )
    return row, str(proof.stored)


def of_a_month(store):
    call = make_call(store)
    return a_proposal(store, clause="first_rate", evidence={"month": "2026-10", "calls": [call.pk]})


def step(status, roles, **data):
    return Page("post", roles=roles, make=at(status), data=data)


PAGES = {
    "penalties:mine": Page(),
    "penalties:decisions": Page(roles=SEES | LEADS),
    "penalties:issue-list": Page(roles={Role.ADMINISTRATION}),
    "penalties:sheets": Page(roles=SEES),
    "penalties:sheets-close": Page("post", roles={Role.ADMINISTRATION}, data={"month": "2026-10"}),
    "penalties:proposal": Page(roles=SEES, make=a_proposal),
    # who sees it and works with calls: administration has nothing to do with customers
    "penalties:proposal-calls": Page(roles=DECIDES, make=of_a_month),
    "penalties:proposal-sheet": Page(roles=SEES, make=a_proposal),
    # there is a row and no file
    "penalties:proposal-picture": Page(roles=SEES, make=with_picture, missing=True),
    "penalties:proposal-explain": step("proposed", SEES, text="客户出国"),
    "penalties:proposal-appeal": step("confirmed", SEES, text="不公平"),
    "penalties:proposal-confirm": step("explained", DECIDES, amount="50"),
    "penalties:proposal-waive": step("explained", DECIDES, reason="情况属实"),
    "penalties:proposal-answer": step(
        "appealed", {Role.GENERAL_MANAGER}, upheld="no", reason="已核实"
    ),
    "penalties:proposal-sign": Page(roles=SEES, make=at("confirmed")),
    "penalties:proposal-issue": step("signed", {Role.ADMINISTRATION}),
    "penalties:proposal-correct": step("issued", DECIDES, amount="0", reason="错了"),
}
