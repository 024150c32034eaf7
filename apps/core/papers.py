"""Papers that people hand in as PDF: looked at before they are kept, and never opened here.

A picture is drawn anew (``core.pictures``); a PDF cannot be. So it is kept as it came, it is given
out only as a file to save, and what could run something in the reader's program is refused.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.core.pictures import MEGABYTE, picture_path, read_picture

MAX_PAPER = 10 * MEGABYTE
NAME_LENGTH = 120
HEAD, END, TAIL = b"%PDF-", b"%%EOF", 1024
# Names are written plainly or with #xx for a character (ISO 32000, 7.3.5).
RUNS = re.compile(rb"/(JavaScript|Launch|RichMedia|XFA)\b")
HIDDEN = re.compile(rb"#([0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Brought:
    """What somebody handed in. ``paper_name``: what the PDF is called; empty: a picture."""

    content: bytes
    paper_name: str = ""


def read_brought(upload: Any) -> Brought:
    """A picture as ``read_picture`` gives it, or a PDF, told apart by what is inside.

    ``upload``: a file with ``name``, ``size``, ``read`` and ``seek``. Refused: what is neither,
    whatever its name says; a PDF of more than 10 MB, one that was cut off, and one in which a
    program can be seen (it may hide in what is compressed: the file is never opened here).
    """
    head = upload.read(len(HEAD))
    upload.seek(0)
    if head != HEAD:
        return Brought(read_picture(upload))
    name = name_of(upload.name)
    if (upload.size or 0) > MAX_PAPER:
        raise Refused(
            _("The PDF “%(name)s” is larger than %(mb)s MB.")
            % {"name": name, "mb": MAX_PAPER // MEGABYTE}
        )
    content: bytes = upload.read(MAX_PAPER + 1)
    if len(content) > MAX_PAPER or END not in content[-TAIL:]:
        raise Refused(_("“%(name)s” is no whole PDF. Save it anew.") % {"name": name})
    if RUNS.search(HIDDEN.sub(_shown, content)):
        raise Refused(
            _("“%(name)s” carries a program. Print it to a new PDF, or take a photo.")
            % {"name": name}
        )
    return Brought(content, name)


def _shown(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def name_of(text: Any) -> str:
    """The name alone, of what can be read, ending in .pdf."""
    plain = PurePosixPath(str(text).replace("\\", "/")).name
    stem = "".join(one for one in plain if one.isprintable()).strip()
    stem = stem[:-4] if stem.lower().endswith(".pdf") else stem
    return f"{stem[: NAME_LENGTH - 4] or 'paper'}.pdf"


def paper_answer(stored: UUID | str, name: str) -> FileResponse:
    """The PDF to be saved, for who may see it: the caller has asked. 404 when it has gone."""
    path = picture_path(stored)
    if not path.exists():
        raise Http404
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="application/pdf"
    )
    answer["Cache-Control"] = "private, max-age=86400"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
