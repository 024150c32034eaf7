"""The checks of rooms as a file (SSI-06, DATA-03)."""

from django.utils.translation import gettext_lazy as _

from apps.core.tables import Listing
from apps.ssi.queries import rooms

ROOMS = {
    "ssi:room-list": Listing(
        _("5S and showroom"),
        "ssi.view_rooms",
        lambda user, asked, today: rooms.asked_for(user, asked),
        (
            (_("Day"), lambda run: run.on),
            (_("Kind"), lambda run: run.get_kind_display()),
            (_("Done by"), lambda run: run.by),
            (_("Done at"), lambda run: run.at),
            (_("Points not in order"), lambda run: run.missing),
            (_("Store"), lambda run: run.store),
        ),
    ),
}
