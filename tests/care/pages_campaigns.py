"""Who may look at, write and approve campaigns (CARE-06)."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.choices import Role
from apps.care.models import Campaign
from apps.messaging.models import Batch
from tests.access import Page
from tests.factories import make_user

WRITES = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
SEES = WRITES | {Role.GENERAL_MANAGER, Role.GROUP_MANAGER}
APPROVES = {Role.CARE_MANAGER}


def a_campaign(store, status="draft"):
    now = timezone.now()
    fields = {}
    if status in ("running", "paused"):
        batch = Batch.objects.create(store=store, name="元旦问候", made_at=now)
        boss = make_user(f"boss{batch.pk}", store, Role.CARE_MANAGER)
        fields = {"batch": batch, "started_at": now, "decided_by": boss, "decided_at": now}
    return Campaign.objects.create(
        store=store,
        kind="holiday",
        name="元旦问候",
        text="【{store}】{name}：元旦快乐！回复R退订",
        send_on=timezone.localdate(now) + timedelta(days=1),
        status=status,
        written_at=now,
        **fields,
    )


def submitted(store):
    return a_campaign(store, "submitted")


def running(store):
    return a_campaign(store, "running")


def paused(store):
    return a_campaign(store, "paused")


PAGES = {
    "care:campaign-list": Page(roles=SEES),
    "care:campaign-new": Page(roles=WRITES),
    "care:campaign-weather": Page(roles=WRITES),
    "care:campaign-preview": Page("post", roles=WRITES),
    "care:campaign": Page(roles=SEES, make=a_campaign),
    "care:campaign-edit": Page(roles=WRITES, make=a_campaign),
    "care:campaign-people": Page(roles=SEES, make=a_campaign),
    "care:campaign-progress": Page(roles=SEES, make=running),
    "care:campaign-submit": Page("post", roles=WRITES, make=a_campaign),
    "care:campaign-approve": Page("post", roles=APPROVES, make=submitted),
    "care:campaign-send-back": Page(
        "post", roles=APPROVES, make=submitted, data={"reason": "太长了"}
    ),
    "care:campaign-pause": Page("post", roles=WRITES, make=running),
    "care:campaign-resume": Page("post", roles=APPROVES, make=paused),
    "care:campaign-cancel": Page("post", roles=WRITES, make=a_campaign),
}
