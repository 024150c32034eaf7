"""Pictures that people send are what they say, small, and bring nothing along."""

import os
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from PIL import Image

from apps.core import pictures
from apps.core.errors import Refused
from apps.core.pictures import Kept, is_blank, picture_path, read_picture, sweep_pictures


def encoded(form="JPEG", size=(3000, 2000), colour="navy", mode="RGB", **options):
    written = BytesIO()
    Image.new(mode, size, colour).save(written, form, **options)
    return written.getvalue()


def sent(content, name="1.jpg"):
    return SimpleUploadedFile(name, content)


def refused(content, name="1.jpg"):
    with override("en"), pytest.raises(Refused) as refusal:
        read_picture(sent(content, name))
    return str(refusal.value)


def test_a_photo_is_drawn_anew_smaller_and_without_where_it_was_taken():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[1] = "N"
    content = encoded(exif=exif)
    assert b"secret place" in content

    kept = read_picture(sent(content))

    picture = Image.open(BytesIO(kept))
    assert (picture.format, picture.size) == ("JPEG", (1920, 1280))
    assert len(picture.getexif()) == 0
    assert b"secret place" not in kept


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    assert Image.open(BytesIO(read_picture(sent(encoded(size=(80, 60), exif=exif))))).size == (
        60,
        80,
    )


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_lets_light_through_stands_on_white(form):
    kept = read_picture(sent(encoded(form, (8, 8), (0, 0, 0, 0), "RGBA")))
    assert Image.open(BytesIO(kept)).getpixel((4, 4)) == (255, 255, 255)


def test_what_is_no_photo_is_refused_whatever_its_name_says():
    whole = encoded()
    for content in (
        b"%PDF-1.7\n" + b"0" * 2000,
        b"",
        whole[: len(whole) // 2],
        encoded("GIF", (8, 8)),
    ):
        assert refused(content, "photo.jpg") == (
            "“photo.jpg” is no photo that can be read. Take it again (JPEG, PNG or WebP)."
        )


def test_a_photo_of_60_megabytes_is_refused_before_it_is_read():
    class Untouched:
        name, size = "60.jpg", 60 * pictures.MEGABYTE

        def read(self, *_args):
            raise AssertionError("it was read")

    with override("en"), pytest.raises(Refused, match="larger than 15 MB"):
        read_picture(Untouched())


def test_a_flood_of_pixels_is_refused_before_it_is_decoded(monkeypatch):
    flood = encoded("PNG", (12_000, 12_000), 0, "1")
    assert len(flood) < 100_000
    monkeypatch.setattr(Image.Image, "load", None)  # decoding it would fail otherwise
    assert refused(flood, "flood.png").endswith("has too many pixels. Take it again, smaller.")


def test_a_sheet_is_blank_until_somebody_wrote_on_it():
    sheet = Image.new("RGB", (400, 150), "white")
    assert is_blank(read_picture(sent(encoded("PNG", (400, 150), "white"))))
    for x in range(60):
        for y in range(4):
            sheet.putpixel((100 + x, 60 + y), (0, 0, 0))
    written = BytesIO()
    sheet.save(written, "PNG")
    assert not is_blank(read_picture(sent(written.getvalue())))


def test_files_of_a_transaction_that_fails_are_taken_away_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(ZeroDivisionError), Kept() as kept:
        name = kept.add(b"1")
        assert picture_path(name).read_bytes() == b"1"
        raise ZeroDivisionError
    assert not picture_path(name).exists()
    with Kept() as kept:
        name = kept.add(b"1")
    assert picture_path(name).stat().st_mode & 0o777 == 0o600


def test_a_file_of_which_no_row_speaks_is_swept_away_once_it_is_old(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with Kept() as kept:
        known, astray, young = (kept.add(b"1") for _n in range(3))
    for name in (known, astray):
        os.utime(picture_path(name), (1000, 1000))
    asked = []

    def rows(names):
        asked.extend(names)
        return [(known,)]

    def moment(seconds):
        return datetime.fromtimestamp(seconds, UTC)

    assert sweep_pictures(rows, after=moment(1500), before=moment(2000)) == 0
    assert sweep_pictures(rows, after=moment(500), before=moment(2000)) == 1

    assert sorted(asked) == sorted([str(known), str(astray)])
    assert [picture_path(name).exists() for name in (known, astray, young)] == [True, False, True]
