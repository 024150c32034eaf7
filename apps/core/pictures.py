"""Pictures that people take: checked before they are decoded, and drawn anew before they are kept.

What is kept is always a JPEG of our own making, so nothing that came along inside (where it was
taken, by which phone, another file in disguise) stays (ARCHITECTURE §6, uploads).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from apps.core.errors import Refused

MEGABYTE = 1024 * 1024
MAX_SIZE = 15 * MEGABYTE
MAX_PIXELS = 50_000_000  # what a phone takes; a flood of them is refused before it is decoded
LONG_SIDE = 1920
FORMATS = ("JPEG", "PNG", "WEBP")
INK = 100  # dark pixels that make a signature of a sheet


def read_picture(upload: Any) -> bytes:
    """The picture as a JPEG without anything but pixels, at most ``LONG_SIDE`` wide and high.

    ``upload``: a file with ``name``, ``size`` and ``read``. Refused: more than 15 MB, more than
    50 million pixels, anything that is no JPEG, PNG or WebP picture whatever its name says, and
    one that was cut off.
    """
    name = str(upload.name)[-80:]
    if (upload.size or 0) > MAX_SIZE:
        raise Refused(
            _("The photo “%(name)s” is larger than %(mb)s MB. Take it again, smaller.")
            % {"name": name, "mb": MAX_SIZE // MEGABYTE}
        )
    try:
        picture = Image.open(upload, formats=FORMATS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused(
                _("The photo “%(name)s” has too many pixels. Take it again, smaller.")
                % {"name": name}
            )
        picture.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG is decoded no larger than needed
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONG_SIDE, LONG_SIDE))
        return _jpeg(upright)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise Refused(
            _("“%(name)s” is no photo that can be read. Take it again (JPEG, PNG or WebP).")
            % {"name": name}
        ) from fault


def _jpeg(picture: Image.Image) -> bytes:
    """On white, where the picture lets through."""
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        layer = picture.convert("RGBA")
        picture = Image.new("RGB", layer.size, "white")
        picture.paste(layer, mask=layer.getchannel("A"))
    written = BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def is_blank(picture: bytes) -> bool:
    """Nobody has written on it."""
    counts = Image.open(BytesIO(picture)).convert("L").histogram()
    return sum(counts[:128]) < INK


def drawn(upload: Any) -> bytes | None:
    """A signature that a form got, as ``read_picture`` gives it. None: nobody has signed; a blank
    sheet is none either. ValidationError: no picture."""
    if upload is None:
        return None
    try:
        picture = read_picture(upload)
    except Refused as refusal:
        raise ValidationError(str(refusal)) from refusal
    return None if is_blank(picture) else picture


def picture_path(stored: UUID | str) -> Path:
    """Where a picture lies: under a name that says nothing, served by no web server."""
    return Path(settings.MEDIA_ROOT) / "pictures" / str(stored)


def picture_answer(stored: UUID | str) -> FileResponse:
    """The picture, for who may see it: the caller has asked. 404 when it has gone."""
    path = picture_path(stored)
    if not path.exists():
        raise Http404
    answer = FileResponse(path.open("rb"), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"
    # A browser that shows a picture alone writes a style into its page.
    answer["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"
    )
    return answer


class Kept:
    """Files that are written in a transaction and taken away again when it fails.

    ::

        with Kept() as kept:
            row.stored = kept.add(picture)
    """

    def __init__(self) -> None:
        self.names: list[UUID] = []

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, kind: Any, fault: Any, trace: Any) -> None:
        if kind is not None:
            remove_pictures(self.names)

    def add(self, picture: bytes) -> UUID:
        name = uuid4()
        self.names.append(name)
        path = picture_path(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("xb") as file:
            file.write(picture)
        path.chmod(0o600)
        return name


def remove_pictures(names: Iterable[UUID | str]) -> None:
    for name in names:
        picture_path(name).unlink(missing_ok=True)


def sweep_pictures(
    kept: Callable[[list[str]], Iterable[tuple[UUID]]], *, after: datetime, before: datetime
) -> int:
    """Remove the files that no row speaks of: of a process that was killed between writing a
    file and its row. ``kept`` says which of some names rows speak of. Looked at are the files of
    between ``after`` and ``before``, long enough ago that no transaction that wrote them is
    open. How many went.
    """
    first, last = after.timestamp(), before.timestamp()
    files = picture_path("").glob("*")
    names = [path.name for path in files if first <= path.stat().st_mtime < last]
    astray = set(names) - {str(name) for (name,) in kept(names)}
    remove_pictures(astray)
    return len(astray)
