"""Who may open the registers of the reception."""

from apps.service.models import Rescue
from tests.access import Page
from tests.factories import NOW, make_user
from tests.service.pages import NUMBERS, RECEIVES, SEES
from tests.service.pages_capacity import MANAGES
from tests.service.pages_orders import make_order


def make_rescue(store):
    by = make_user(f"rescue-{next(NUMBERS)}-{store.code}", store)
    said = {"caller": "王", "phone": "13912345678", "place": "高速口"}
    return Rescue.objects.create(store=store, called_at=NOW, by=by, **said)


PAGES = {
    "service:preparation": Page(roles=SEES),
    "service:preparation-list": Page(roles=SEES),
    "service:preparation-points": Page(roles=MANAGES),
    "service:overnight-list": Page(roles=SEES),
    "service:overnight-edit": Page(roles=RECEIVES, make=make_order),
    "service:rescue-list": Page(roles=SEES),
    "service:rescue-new": Page(roles=RECEIVES),
    "service:rescue-edit": Page(roles=RECEIVES, make=make_rescue),
}
