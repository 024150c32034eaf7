"""Papers that people hand in are what they say, whole, and run nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from apps.core import papers
from apps.core.errors import Refused
from apps.core.papers import Brought, name_of, read_brought
from tests.core.test_pictures import encoded

PDF = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def brought(content, name="a.pdf"):
    return read_brought(SimpleUploadedFile(name, content))


def refused(content, name="a.pdf"):
    with override("en"), pytest.raises(Refused) as refusal:
        brought(content, name)
    return str(refusal.value)


def test_a_paper_is_kept_as_it_came_and_known_by_what_is_inside():
    assert brought(PDF, "假条.PDF") == Brought(PDF, "假条.pdf")
    assert brought(PDF, "photo.jpg") == Brought(PDF, "photo.jpg.pdf")


def test_a_picture_is_drawn_anew_whatever_it_is_called():
    found = brought(encoded(size=(20, 20)), "paper.pdf")
    assert found.paper_name == ""
    assert found.content.startswith(b"\xff\xd8")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html>", b" %PDF-1.4 %%EOF"])
def test_what_is_neither_is_refused(content):
    assert "no photo that can be read" in refused(content)


def test_a_paper_that_was_cut_off_is_refused():
    assert refused(PDF[:-8]) == "“a.pdf” is no whole PDF. Save it anew."


def test_a_paper_is_refused_by_its_size_not_by_what_it_says(monkeypatch):
    monkeypatch.setattr(papers, "MAX_PAPER", len(PDF) - 1)
    assert "larger than" in refused(PDF)
    upload = SimpleUploadedFile("a.pdf", PDF)
    upload.size = 1
    with pytest.raises(Refused):
        read_brought(upload)
    monkeypatch.setattr(papers, "MAX_PAPER", len(PDF))
    assert brought(PDF).content == PDF


@pytest.mark.parametrize("name", [b"JavaScript", b"Java#53cript", b"Launch", b"RichMedia", b"XFA"])
def test_a_paper_in_which_a_program_is_seen_is_refused(name):
    assert "carries a program" in refused(PDF.replace(b"/Catalog", b"/Catalog/S /" + name + b" "))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/假条.pdf", "假条.pdf"),
        ("C:\\tmp\\a.pdf", "a.pdf"),
        ('a"\r\nX: 1.pdf', 'a"X: 1.pdf'),
        (".pdf", "paper.pdf"),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_of_its_name_stays_what_can_be_read(given, kept):
    assert name_of(given) == kept
