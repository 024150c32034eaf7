"""Drafts for the holidays ahead, by themselves, and for a weather warning (CARE-06)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.care.actions.campaigns import Draft, write_campaign
from apps.care.campaign_choices import CampaignKind, WarningLevel, Weather
from apps.care.models import Campaign
from apps.care.occasions import Occasion, greeted_until, holidays_from, weather_notice
from apps.core.errors import Refused
from apps.customers.choices import Locality


def draft_holidays(*, now: datetime) -> int:
    """A draft for each store and each holiday of the next seven days; how many were new.

    One a store, holiday and year, however often it runs; one that was called off stays so.
    """
    today = timezone.localdate(now)
    ahead = holidays_from(today, greeted_until(today))
    keys = [one.key for one in ahead]
    there = set(Campaign.objects.filter(occasion__in=keys).values_list("store", "occasion"))
    missing = [
        (store, one)
        for store in (Store.objects.all() if ahead else ())
        for one in ahead
        if (store.pk, one.key) not in there
    ]
    for store, one in missing:
        _write(store, one, CampaignKind.HOLIDAY, {}, by=None, now=now)
    return len(missing)


def warn_of_weather(
    store: Store,
    *,
    city: str,
    kind: Weather,
    level: WarningLevel,
    on: date,
    by: User,
    now: datetime,
) -> Campaign:
    """The draft of a notice; the same warning again gives the draft that is there.

    In the store's own city it goes to the local customers. Refused for a day that is over, or
    further ahead than anybody warns.
    """
    if (on - timezone.localdate(now)).days > 7:
        raise Refused(_("Nobody warns so far ahead. Choose a day of the coming week."))
    filters = {"locality": Locality.LOCAL.value} if city == store.city else {}
    notice = weather_notice(city, kind, level, on)
    return _write(store, notice, CampaignKind.WEATHER, filters, by=by, now=now)


def _write(
    store: Store,
    one: Occasion,
    kind: CampaignKind,
    filters: dict[str, str],
    *,
    by: User | None,
    now: datetime,
) -> Campaign:
    draft = Draft(kind=kind, name=one.name, text=one.text, send_on=one.on, filters=dict(filters))
    return write_campaign(store, draft, by=by, now=now, occasion=one.key)
