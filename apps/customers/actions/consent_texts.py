"""What customers are told when they agree to being contacted (SEC-02)."""

from datetime import date, datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import Store, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.customers.choices import Purpose
from apps.customers.models import ConsentText

# About the customer, so in his language.
FIRST = {
    Purpose.SERVICE: "为履行购车和维修服务合同，我店将通过电话、短信或邮件就首保、保养、质保、"
    "年检、保险、预约、回访和生日与您联系。您可以随时拒绝，我们将停止此类联系。",
    Purpose.MARKETING: "我同意门店通过电话、短信或邮件向我发送节日问候、天气提醒、活动邀请和优惠"
    "信息。我可以随时撤回同意：告知门店任何员工，或回复短信“R”。",
}


@action
def add_text(
    store: Store, *, purpose: str, text: str, effective_from: date, by: User, now: datetime
) -> ConsentText:
    """A new version of what is told, from a day on. Refused for a day before today, and for a day
    on which a version begins already."""
    if effective_from < timezone.localdate(now):
        raise Refused(_("A new text holds from today at the earliest."))
    Store.objects.select_for_update(of=("self",)).get(pk=store.pk)
    rows = ConsentText.objects.filter(store=store, purpose=purpose)
    if rows.filter(effective_from=effective_from).exists():
        raise Refused(_("Another version begins on this day. Choose another day."))
    last = rows.aggregate(last=Max("version"))["last"] or 0
    return ConsentText.objects.create(
        store=store,
        purpose=purpose,
        version=last + 1,
        text=text.strip(),
        effective_from=effective_from,
        made_by=by,
    )
