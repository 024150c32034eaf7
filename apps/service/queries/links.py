"""The signed link by which a customer reaches his own appointment without signing in (SVC-05).

``<number>.<day and second>.<signature>``. The signature is made with the appointment's own
``link_key``: a link is of one appointment, and a new key ends every link before it. It says
nothing of the customer, and it dies with the appointment.
"""

import re
from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer, b62_decode, b62_encode

from apps.service.choices import AWAITED
from apps.service.models import Appointment

LIVES = timedelta(days=120)  # however far ahead the appointment is
_FORM = re.compile(r"[0-9A-Za-z]{1,10}\.[0-9A-Za-z]{1,8}\.[0-9A-Za-z_-]{43}", re.ASCII)


def _signer(row: Appointment) -> Signer:
    return Signer(salt=f"service.link.{row.link_key.hex}", sep=".")


def token_of(row: Appointment, now: datetime) -> str:
    """A link's token that is good from ``now`` on, until the appointment is over."""
    made = b62_encode(int(now.timestamp()))
    return _signer(row).sign(f"{b62_encode(row.pk)}.{made}")


def signed_for(token: str, now: datetime) -> Appointment | None:
    """The appointment that the token was made for, whatever became of it since."""
    if not _FORM.fullmatch(token):
        return None
    number, made, _signature = token.split(".")
    rows = Appointment.objects.filter(pk=b62_decode(number))
    row: Appointment | None = rows.select_related("store", "vehicle").first()
    if row is None:
        return None
    try:
        _signer(row).unsign(token)
    except BadSignature:
        return None
    age = now.timestamp() - b62_decode(made)
    return row if age <= LIVES.total_seconds() else None


def open_for(token: str, now: datetime) -> Appointment | None:
    """The appointment that the token opens now; None when it is forged, too old, or over."""
    row = signed_for(token, now)
    return row if row and row.status in AWAITED and row.ends_at > now else None


def form_of(row: Appointment) -> str:
    """What a form of the customer's page carries: which state of the appointment he looked at.

    Signed like the link, so it is as good as a token against forged forms: nothing is done in
    the name of a cookie there.
    """
    return _signer(row).sign(f"form.{row.pk}.{row.version}")


def version_of(row: Appointment, form: str) -> int | None:
    """The version that the form showed; None when it is not a form of this appointment."""
    try:
        name, number, version = _signer(row).unsign(form).split(".")
    except (BadSignature, ValueError):
        return None
    return int(version) if (name, number) == ("form", str(row.pk)) else None
