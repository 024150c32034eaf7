"""The signed link by which a customer reaches his own survey without signing in (SSI-03).

``<number>.<signature>``. The signature is made with the link's own ``key``: it is of one
survey, a new key ends every address before it, and the row says until when it holds.
"""

import re
from datetime import datetime

from django.core.signing import BadSignature, Signer, b62_decode, b62_encode

from apps.ssi.choices import ResponseStatus
from apps.ssi.models import SurveyLink

_FORM = re.compile(r"[0-9A-Za-z]{1,10}\.[0-9A-Za-z_-]{43}", re.ASCII)


def _signer(row: SurveyLink) -> Signer:
    return Signer(salt=f"ssi.link.{row.key}", sep=".")


def token_of(row: SurveyLink) -> str:
    return _signer(row).sign(b62_encode(row.pk))


def signed_for(token: str) -> SurveyLink | None:
    """The link that the token was made for, whatever became of it since."""
    if not _FORM.fullmatch(token):
        return None
    number = b62_decode(token.split(".")[0])
    rows = SurveyLink.objects.filter(pk=number).select_related(
        "store", "response__vehicle", "response__model", "response__call"
    )
    row: SurveyLink | None = rows.first() if number < 2**63 else None
    if row is None:
        return None
    try:
        _signer(row).unsign(token)
    except BadSignature:
        return None
    return row


def is_open(row: SurveyLink, now: datetime) -> bool:
    waits = row.response.status == ResponseStatus.OPEN
    return waits and row.used_at is None and now < row.expires_at


def form_of(row: SurveyLink) -> str:
    """What the form carries. It is signed like the link, so it is as good as a token against
    forged forms: nothing is done in the name of a cookie there."""
    return _signer(row).sign(f"form.{row.pk}")


def is_form_of(row: SurveyLink, form: str) -> bool:
    try:
        return _signer(row).unsign(form) == f"form.{row.pk}"
    except BadSignature:
        return False
