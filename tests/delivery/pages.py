"""Who may record a hand-over."""

from tests.access import Page
from tests.customers.pages import KEEPS
from tests.factories import make_vehicle

PAGES = {"delivery:delivery-record": Page(roles=KEEPS, make=make_vehicle)}
