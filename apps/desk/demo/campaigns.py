"""Campaigns of the demo store: one that is through, one paused half way, two that are written."""

from datetime import date, timedelta

from apps.accounts.models import Store, User
from apps.care.actions import campaign_sending as sending
from apps.care.actions import campaigns as writing
from apps.care.actions.campaigns import Draft
from apps.care.actions.occasions import warn_of_weather
from apps.care.campaign_choices import CampaignKind, WarningLevel, Weather
from apps.care.models import Campaign
from apps.desk.demo.filling import at
from apps.messaging.choices import MessageStatus
from apps.messaging.models import Message

DAY = timedelta(days=1)
GREETING = "【{store}】{name}{title}：天气转凉，出行前请检查轮胎和电瓶，祝您一路平安！回复R退订"
FREE_CHECK = "【{store}】{name}{title}：您的{model}可免费检查一次，欢迎预约到店。回复R退订"
INVITATION = "【{store}】{name}{title}：本月车主讲堂教您冬季用车，名额有限，欢迎来电报名。回复R退订"


def add_campaigns(store: Store, people: dict[str, User], on: date) -> None:
    boss, writer = people.get("demo_caremanager"), people.get("demo_care1")
    if boss is None or writer is None:
        return
    some = {"birth_month": on.month, "locality": "local"}
    done = _begun(
        store,
        Draft(CampaignKind.WEATHER, "降温提醒", GREETING, on, some),
        writer,
        boss,
        on - 6 * DAY,
    )
    _sent(done, share=1)
    Campaign.objects.filter(pk=done.pk).update(status="finished", ended_at=at(on - 6 * DAY, 11))
    half = Draft(
        CampaignKind.HOLIDAY, "冬季关爱免费检查", FREE_CHECK, on, {"sold_here": "yes", **some}
    )
    begun = _begun(store, half, writer, boss, on)
    _sent(begun, share=2)
    sending.pause_campaign(begun, by=boss, now=at(on, 11))
    talk = Draft(
        CampaignKind.ACTIVITY, "车主讲堂邀请", INVITATION, on + 3 * DAY, {"locality": "local"}
    )
    asked = writing.write_campaign(store, talk, by=writer, now=at(on, 9))
    writing.submit_campaign(asked, by=writer, now=at(on, 9))
    warn_of_weather(
        store,
        city=store.city,
        kind=Weather.COLD,
        level=WarningLevel.BLUE,
        on=on + DAY,
        by=writer,
        now=at(on, 9),
    )


def _begun(store: Store, draft: Draft, writer: User, boss: User, on: date) -> Campaign:
    draft = Draft(draft.kind, draft.name, draft.text, on, draft.filters)
    row = writing.write_campaign(store, draft, by=writer, now=at(on - DAY, 9))
    writing.submit_campaign(row, by=writer, now=at(on - DAY, 9))
    writing.approve_campaign(row, by=boss, now=at(on - DAY, 15))
    return sending.start_campaign(row, now=at(on, 10))


def _sent(row: Campaign, *, share: int) -> None:
    """Every ``share``-th message of it went out."""
    ids = list(Message.objects.filter(batch=row.batch).order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids[::share]).update(
        status=MessageStatus.SENT, sending_at=row.started_at, sent_at=row.started_at
    )
