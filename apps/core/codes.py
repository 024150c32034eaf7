"""Codes on paper that open a record (SVC-16)."""

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def code_of(request: HttpRequest, page: str, pk: int) -> SafeString:
    """The code, as an inline drawing, that opens a record's page."""
    record = request.build_absolute_uri(reverse(page, args=[pk]))
    return mark_safe(segno.make(record, error="m", micro=False).svg_inline(scale=3, border=2))
