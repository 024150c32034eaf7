"""One proposal on its page: explained with pictures, appealed, signed on the screen (PEN-08)."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import Department
from apps.core.errors import Refused
from apps.core.papers import Brought
from apps.core.pictures import picture_path
from apps.desk.pictures import pictures_kept
from apps.penalties.actions import life, proofs
from apps.penalties.models import Penalty, Proof
from apps.penalties.queries import evidence, signing
from apps.penalties.queries.proposals import for_me, mine, seen_by
from tests.core.test_papers import PDF
from tests.factories import SHANGHAI, make_user
from tests.penalties.pages_life import a_proposal
from tests.reception.driving import picture

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)
TODAY, DAY = date(2026, 11, 23), timedelta(days=1)
MINE = reverse("penalties:mine")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_this_day")]


@pytest.fixture
def on_this_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(store):
    return make_user("person", store, Role.CARE_SPECIALIST)


@pytest.fixture
def chief(store):
    return make_user("chief", store, Role.CARE_MANAGER)


def url(name, row, *more):
    return reverse(f"penalties:proposal{name}", args=[row.pk, *more])


def ink(colour="black"):
    return SimpleUploadedFile("signature.png", picture(colour))


def test_the_person_explains_with_a_picture_and_the_manager_reads_it(client, store, person, chief):
    row = a_proposal(store, person)
    client.force_login(person)
    sent = {"text": "客户在国外", "attached": [ink("navy")]}

    assertRedirects(client.post(url("-explain", row), sent), url("", row))

    row.refresh_from_db()
    proof = Proof.objects.get()
    assert (row.status, row.explanation) == ("explained", "客户在国外")
    assert (proof.kind, proof.by, proof.penalty) == ("attached", person, row)
    assert (proof.stored,) in set(pictures_kept())
    client.force_login(chief)
    assertContains(client.get(url("", row)), "客户在国外")
    assert client.get(url("-picture", row, proof.stored)).status_code == 200


def test_a_paper_is_named_on_the_page_and_given_out_only_to_be_saved(client, store, person, chief):
    row = a_proposal(store, person)
    client.force_login(person)
    paper = SimpleUploadedFile("请假条.pdf", PDF, content_type="text/html")
    client.post(url("-explain", row), {"text": "请假", "attached": [paper, ink("navy")]})

    papers = Proof.objects.filter(paper_name="请假条.pdf")
    proof = papers.get()
    client.force_login(chief)
    assertContains(client.get(url("", row)), "请假条.pdf")
    assertContains(client.get(url("-sheet", row)), "请假条.pdf")
    answer = client.get(url("-picture", row, proof.stored))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    other = make_user("other", store, Role.CARE_SPECIALIST)
    client.force_login(other)
    assert client.get(url("-picture", row, proof.stored)).status_code == 403
    with pytest.raises(DatabaseError), transaction.atomic():
        papers.update(paper_name="x.html")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"MZ\x90\x00 a program"),
        ("a.pdf", b"<html><script>alert(1)</script></html>"),
        ("a.jpg", b"%PDF-1.4 cut off"),
        ("a.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript>>")),
    ],
)
def test_what_is_neither_picture_nor_paper_is_refused_and_nothing_is_kept(
    client, store, person, name, content
):
    row = a_proposal(store, person)
    client.force_login(person)
    sent = {"text": "客户在国外", "attached": [ink("navy"), SimpleUploadedFile(name, content)]}

    assert client.post(url("-explain", row), sent).status_code == 422

    row.refresh_from_db()
    assert (row.status, row.explanation, Proof.objects.count()) == ("proposed", "", 0)
    assert not list(picture_path("").glob("*"))


def test_too_many_files_leave_the_explanation_as_it_was(store, person):
    row = a_proposal(store, person)
    few = [Brought(picture("navy"))] * proofs.MOST_FILES
    proofs.explain_with(row, text="一", attached=few, by=person, now=NOW)

    with pytest.raises(Refused):
        proofs.explain_with(row, text="二", attached=[Brought(PDF, "a.pdf")], by=person, now=NOW)

    row.refresh_from_db()
    assert (row.explanation, Proof.objects.count()) == ("一", proofs.MOST_FILES)


def test_what_was_handed_in_does_not_change(store, person):
    row = a_proposal(store, person)
    proofs.explain_with(row, text="一", attached=[Brought(picture("navy"))], by=person, now=NOW)

    for change in (
        lambda: Proof.objects.update(at=NOW - DAY),
        lambda: Proof.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Proof.objects.get().at == NOW


def test_the_person_signs_on_the_screen_once(client, store, person, chief):
    row = a_proposal(store, person, status="confirmed", decided_by=chief)
    client.force_login(person)
    assert client.post(url("-sign", row), {"signature": ink("white")}).status_code == 422

    assertRedirects(client.post(url("-sign", row), {"signature": ink()}), url("", row))

    row.refresh_from_db()
    assert (row.status, row.signed_how, row.signed_at) == ("signed", "offender", NOW)
    assert client.post(url("-sign", row), {"signature": ink()}).status_code == 409
    assert [proof.kind for proof in signing.signatures(row)] == ["offender"]


def test_nobody_else_signs_for_him(client, store, person, chief):
    row = a_proposal(store, person, status="confirmed", decided_by=chief)
    client.force_login(chief)

    assert client.post(url("-sign", row), {"signature": ink()}).status_code == 409

    row.refresh_from_db()
    assert (row.status, Proof.objects.count()) == ("confirmed", 0)
    assert not list(picture_path("").glob("*"))


def test_who_offends_repeatedly_is_signed_for_by_both_managers(store, chief):
    sales = Department.objects.get(store=store, kind=DepartmentKind.SALES)
    person = make_user("seller", store, Role.SALES_CONSULTANT)
    head = make_user("head", store, Role.SALES_MANAGER)
    head.department = sales
    head.save()
    of_sales = {"department": sales, "clause": "five_s"}
    first = TODAY - 29 * DAY
    a_proposal(store, person, event_on=first, **of_sales)
    a_proposal(store, person, "waived", event_on=TODAY, decided_by=chief, **of_sales)
    row = a_proposal(store, person, "confirmed", event_on=TODAY, decided_by=chief, **of_sales)
    with pytest.raises(Refused):  # twice: what was waived does not count
        proofs.sign_on_screen(row, picture=picture(), by=chief, now=NOW)
    a_proposal(store, person, event_on=first - DAY, **of_sales)  # too long ago
    assert signing.times(row) == 2
    a_proposal(store, person, event_on=TODAY, **of_sales)

    proofs.sign_on_screen(row, picture=picture(), by=chief, now=NOW)
    row.refresh_from_db()
    assert row.status == "confirmed"
    with pytest.raises(Refused):
        proofs.sign_on_screen(row, picture=picture(), by=chief, now=NOW)
    proofs.sign_on_screen(row, picture=picture(), by=head, now=NOW)

    row.refresh_from_db()
    assert (row.status, row.signed_how) == ("signed", "managers")
    assert [proof.kind for proof in signing.signatures(row)] == ["care", "department"]


def test_an_appeal_makes_the_signature_void(store, person, chief):
    general = make_user("general", store, Role.GENERAL_MANAGER)
    row = a_proposal(store, person, status="confirmed", decided_by=chief)
    proofs.sign_on_screen(row, picture=picture(), by=person, now=NOW)
    life.appeal(row, text="不公平", by=person, now=NOW + DAY)
    life.decide_appeal(row, upheld=False, reason="属实", by=general, now=NOW + DAY)
    row.refresh_from_db()
    assert signing.signatures(row) == []

    proofs.sign_on_screen(row, picture=picture(), by=person, now=NOW + 2 * DAY)

    row.refresh_from_db()
    assert (row.status, len(signing.signatures(row))) == ("signed", 1)


def test_each_sees_his_own_a_head_his_departments_and_who_must_all(store, person, chief, stranger):
    sales = Department.objects.get(store=store, kind=DepartmentKind.SALES)
    head = make_user("head", store, Role.SALES_MANAGER)
    lost = make_user("lost", store, Role.SALES_MANAGER)  # of no department
    head.department = sales
    head.save()
    own, others = a_proposal(store, person), a_proposal(store, department=sales)

    found = {user: set(seen_by(user)) for user in (person, head, lost, chief, stranger)}

    assert found == {
        person: {own},
        head: {others},
        lost: set(),
        chief: {own, others},
        stranger: set(),
    }


def test_the_page_of_another_person_is_closed(client, store, person, stranger):
    row = a_proposal(store)
    client.force_login(person)
    assert client.get(url("", row)).status_code == 403
    assert client.get(url("-sheet", row)).status_code == 403
    assert client.post(url("-explain", row), {"text": "x"}).status_code == 403
    client.force_login(stranger)
    assert client.get(url("", row)).status_code == 404
    row.refresh_from_db()
    assert row.explanation == ""


def test_a_group_manager_reads_nobodys(client, store, person):
    row = a_proposal(store, person)
    client.force_login(make_user("group", store, Role.GROUP_MANAGER))
    assert client.get(url("", row)).status_code == 403


def test_my_list_shows_what_waits_and_not_what_was_withdrawn(client, store, person, chief):
    explain = a_proposal(store, person)
    a_proposal(store, person, explain_until=TODAY - DAY)
    sign = a_proposal(store, person, status="confirmed", decided_by=chief)
    a_proposal(store, person, status="withdrawn")
    a_proposal(store)

    assert set(for_me(person, TODAY)) == {explain, sign}
    assert mine(person).count() == 3
    client.force_login(person)
    assert client.get(MINE).context["waiting"] == [explain, sign]


def test_three_of_mine_cost_as_many_queries_as_one(client, store, person):
    client.force_login(person)
    client.get(MINE)
    counts = []
    for rows in (1, 2):
        for _n in range(rows):
            a_proposal(store, person)
        with CaptureQueriesContext(connection) as seen:
            client.get(MINE)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_evidence_is_told_in_words(store, person):
    row = Penalty(
        evidence={
            "call": 7,
            "kind": "first_service",
            "due_on": "2026-10-05",
            "ended_at": "2026-10-06T10:30:00+08:00",
            "end_reason": "abandoned",
            "attempts": [
                {
                    "at": "2026-10-05T09:10:00+08:00",
                    "slot": "morning",
                    "result": "no_answer",
                    "counted": True,
                }
            ],
            "unheard_of": 3,
        }
    )

    told = dict(evidence.lines(row))

    assert "2026-10-05" in told.values() and "2026-10-06 10:30" in told.values()
    assert told["unheard_of"] == "3"
    assert not {"call", "attempts", "first_service", "abandoned"} & {*told, *told.values()}
    [one] = evidence.tries(row)
    assert (f"{one.at:%m-%d %H:%M}", one.counted) == ("10-05 09:10", True)
    assert "no_answer" not in one.result and "morning" not in one.slot


def test_the_sheet_for_paper_carries_the_clause_and_no_button(client, store, person):
    row = a_proposal(store, person, evidence={"due": 12, "reminded": 9, "line": 95})
    client.force_login(person)

    page = client.get(url("-sheet", row))

    assertContains(page, row.rule.text)
    assertContains(page, "95")
    assertNotContains(page, url("-explain", row))
