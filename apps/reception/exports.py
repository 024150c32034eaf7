"""The lists of this app that can be taken out as files (DATA-03), one module a noun."""

from apps.core.tables import Listing
from apps.reception.drive_exports import DRIVES
from apps.reception.opportunity_exports import OPPORTUNITIES
from apps.reception.order_exports import ORDERS
from apps.reception.traffic_exports import TRAFFIC

LISTINGS: dict[str, Listing] = {**OPPORTUNITIES, **ORDERS, **TRAFFIC, **DRIVES}
