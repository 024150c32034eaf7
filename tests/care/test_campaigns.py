"""A campaign is written, submitted, approved or sent back (CARE-06)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.care.actions import campaigns
from apps.care.actions.campaigns import Draft
from apps.care.campaign_choices import CampaignKind, CampaignStatus
from apps.care.campaign_policy import parts_of
from apps.care.models import Campaign
from apps.core.errors import Refused
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db
DRAFT = Draft(
    kind=CampaignKind.HOLIDAY,
    name="元旦问候",
    text="【{store}】{name}{title}：元旦快乐！回复R退订",
    send_on=TODAY + timedelta(days=1),
    filters={"locality": "local"},
)


def write(store, by, **fields):
    return campaigns.write_campaign(store, replace(DRAFT, **fields), by=by, now=NOW)


def test_a_draft_keeps_what_was_written(store, specialist):
    row = write(store, specialist)

    row.refresh_from_db()
    assert (row.status, row.name, row.text) == (CampaignStatus.DRAFT, DRAFT.name, DRAFT.text)
    assert (row.filters, row.send_on) == ({"locality": "local"}, DRAFT.send_on)
    assert (row.written_by, row.written_at) == (specialist, NOW)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "{name}：元旦快乐！"}, "退订"),
        ({"text": "{km}退订"}, "km"),
        ({"text": "{name退订"}, "括号"),
        ({"send_on": TODAY - timedelta(days=1)}, "今天"),
    ],
)
def test_a_draft_that_cannot_be_sent_is_refused(store, specialist, fields, words):
    with pytest.raises(Refused, match=words):
        write(store, specialist, **fields)
    assert not Campaign.objects.exists()


def test_submitted_and_approved_it_waits_for_its_day(store, specialist, manager):
    row = campaigns.submit_campaign(write(store, specialist), by=specialist, now=NOW)
    assert (row.status, row.submitted_by, row.submitted_at) == ("submitted", specialist, NOW)

    row = campaigns.approve_campaign(row, by=manager, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.decided_by, row.decided_at) == ("approved", manager, NOW)


def test_what_was_not_submitted_is_not_approved(store, specialist, manager):
    row = write(store, specialist)
    with pytest.raises(Refused, match="草稿"):
        campaigns.approve_campaign(row, by=manager, now=NOW)
    row.refresh_from_db()
    assert (row.status, row.decided_by) == ("draft", None)


def test_only_a_draft_is_changed(store, specialist):
    row = write(store, specialist)
    campaigns.change_campaign(row, replace(DRAFT, name="新名字"), by=specialist, now=NOW)
    row = campaigns.submit_campaign(row, by=specialist, now=NOW)
    assert row.name == "新名字"

    with pytest.raises(Refused, match="待审批"):
        campaigns.change_campaign(row, DRAFT, by=specialist, now=NOW)
    row.refresh_from_db()
    assert row.name == "新名字"


@pytest.mark.parametrize("approved", [False, True])
def test_sent_back_it_is_a_draft_again_and_says_why(store, specialist, manager, approved):
    row = campaigns.submit_campaign(write(store, specialist), by=specialist, now=NOW)
    if approved:
        row = campaigns.approve_campaign(row, by=manager, now=NOW)
    with pytest.raises(Refused, match="修改"):
        campaigns.send_back_campaign(row, " ", by=manager, now=NOW)

    row = campaigns.send_back_campaign(row, "太长了", by=manager, now=NOW)

    assert (row.status, row.sent_back) == ("draft", "太长了")
    again = campaigns.submit_campaign(row, by=specialist, now=NOW)
    assert again.sent_back == ""
    with pytest.raises(Refused):
        campaigns.send_back_campaign(
            campaigns.send_back_campaign(again, "不行", by=manager, now=NOW),
            "again",
            by=manager,
            now=NOW,
        )


@pytest.mark.parametrize("act", ["submit", "approve"])
def test_a_day_that_is_over_is_not_sent(store, specialist, manager, act):
    row = write(store, specialist)
    late = NOW + timedelta(days=2)
    if act == "approve":
        campaigns.submit_campaign(row, by=specialist, now=NOW)
    with pytest.raises(Refused, match="日期"):
        getattr(campaigns, f"{act}_campaign")(row, by=manager, now=late)
    row.refresh_from_db()
    assert row.status == ("submitted" if act == "approve" else "draft")


def test_one_occasion_has_one_draft(store, other_store, specialist):
    def again(place, name):
        return campaigns.write_campaign(
            place, replace(DRAFT, name=name), by=None, now=NOW, occasion="holiday/2027/new_year"
        )

    first = again(store, "一")
    assert again(store, "二") == first
    assert again(other_store, "三") != first
    assert [row.name for row in Campaign.objects.order_by("pk")] == ["一", "三"]


@pytest.mark.parametrize(("length", "parts"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3)])
def test_a_long_text_is_several_sms(length, parts):
    assert parts_of("字" * length) == parts
