"""What waits in the showroom for whoever sells, or leads those who sell (the home page)."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.desk.home import Tile, address
from apps.reception.choices.opportunity import WORKED, OpportunityStatus
from apps.reception.choices.order import OrderStatus
from apps.reception.models import Clock, SalesOrder, ShowroomVisit
from apps.reception.queries.opportunities import ALL, seen_by


def sales_day(user: User, now: datetime) -> list[Tile]:
    """Who waits in the showroom, whom to ask again, what was promised (REC-01, REC-03, REC-10,
    DEL-01): a consultant's own, a manager's all. Four queries."""
    today = now.date()
    house = ShowroomVisit.objects.visible_to(user).filter(left_at=None)
    waiting = house.filter(consultant=None).count()
    followed = (
        seen_by(user)
        .filter(status__in=WORKED)
        .aggregate(
            today=Count("pk", filter=Q(follow_up_on=today)),
            overdue=Count("pk", filter=Q(follow_up_on__lt=today)),
            lost=Count("pk", filter=Q(status=OpportunityStatus.LOST_PROPOSED)),
        )
    )
    promised = seen_by(user, Clock.objects.filter(done_at=None), "opportunity__consultant")
    late = promised.filter(due_at__lt=now, opportunity__status__in=WORKED).count()
    orders = seen_by(user, SalesOrder.objects.filter(status=OrderStatus.DEPOSITED))
    todays = orders.filter(promised_on__lte=today).count()
    door, purchases = address("reception:door"), address("reception:opportunity-list")
    to_ask = f"{purchases}?due=today" if user.has_perm(ALL) else address("reception:my-day")
    overdue, promises = f"{purchases}?due=overdue", f"{purchases}?due=clock"
    ready = address("reception:order-list")
    tiles = [
        Tile(_("parties waiting at the door"), waiting, door, "door-enter", "red"),
        Tile(_("customers to ask today"), followed["today"], to_ask, "calendar-due", "orange"),
        Tile(_("contacts overdue"), followed["overdue"], overdue, "clock-exclamation", "red"),
        Tile(_("promised contacts late"), late, promises, "alarm", "red"),
        Tile(_("cars promised for today or before"), todays, ready, "key", "orange"),
    ]
    if user.has_perm("reception.approve_sales"):
        link = address("reception:approval-list")
        tiles.append(Tile(_("losses to approve"), followed["lost"], link, "rubber-stamp", "orange"))
    return tiles
