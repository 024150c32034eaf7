"""A customer is made anonymous: in rows, history, evidence and files (SEC-02, SEC-04)."""

import json
from uuid import uuid4

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone, translation

from apps.accounts.choices import Role
from apps.audit.models import Access
from apps.care.actions.planning import plan
from apps.care.models import Call
from apps.checklists.actions import go_through
from apps.core.errors import Refused
from apps.core.pictures import Kept, picture_path
from apps.customers.choices import ErasedFor
from apps.customers.models import ContactNumber, Customer, ErasedTable, Erasure, Vehicle
from apps.delivery.models import HandOver
from apps.desk.erasing import erase_customer, finish_all
from apps.desk.merging import merge_customers
from apps.messaging.models import Message
from apps.reception.models import Opportunity, SalesOrder
from apps.reception.queries.orders import contract_subject
from apps.service.models import CheckIn, RepairOrder
from tests.desk.erasing import (
    NAME,
    PHONE,
    PLATE,
    end_all,
    figures,
    fill,
    make_known,
    rows_of_tables,
    words_in_database,
    words_in_files,
)
from tests.factories import NOW, TODAY, make_call, make_customer, make_user, make_vehicle
from tests.test_canary import aviary  # noqa: F401 (a fixture)


@pytest.fixture
def person(aviary):  # noqa: F811
    """One who stands in every text of his store."""
    row = ContactNumber.objects.get(store=aviary.store, number="13876540987").customer
    make_known(row)
    end_all(row.store, timezone.now())
    return Customer.objects.get(pk=row.pk)


@pytest.fixture(autouse=True)
def own_gateway(settings, tmp_path):
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    with translation.override("en"):
        yield


def erase(person, by, **how):
    how = {"typed": person.name, "by": by, "why": ErasedFor.REQUEST, "now": timezone.now()} | how
    return erase_customer(person, **how)


def test_after_the_erasure_no_column_of_any_table_holds_a_word_of_the_person(
    person,
    aviary,  # noqa: F811
    django_capture_on_commit_callbacks,
):
    taken = fill(person.store, timezone.now(), aviary, person)
    before, counts = words_in_database(), rows_of_tables()
    assert taken <= set(before)  # the control
    assert len(taken) > 100

    with django_capture_on_commit_callbacks(execute=True):
        erase(person, aviary)

    assert words_in_database() == {}
    after = rows_of_tables()
    grown = {table for table, rows in after.items() if rows != counts[table]}
    assert {table for table in grown if not table.endswith("event")} == {
        *("customers_erasure", "customers_erasedtable"),
        *("customers_gap", "pghistory_context"),
    }
    person.refresh_from_db()
    assert (person.name, person.id_number_sealed, person.also_named) == ("已删除", "", [])


def test_figures_stay_as_they_are(
    person,
    aviary,  # noqa: F811
):
    fill(person.store, timezone.now(), aviary, person)
    before = figures()

    erase(person, aviary)

    after = figures()
    assert len(before) > 500
    assert {place for place, sum in after.items() if sum != before[place]} == {
        ("care_call", "ended_at"),  # calls that are owed no more
        *(("complaints_quickresponse", name) for name in ("due_at", "ended_at")),
        *(("customers_customer", name) for name in ("erased_at", "reachable", "refuses_service")),
        *(("customers_duplicate", name) for name in ("decided_at", "decided_by_id")),
        *(("customers_numbercorrection", name) for name in ("done_at", "done_by_id")),
        ("customers_stopcontact", "ended_at"),
        ("exchange_difference", "decided_at"),
        *(("messaging_reply", name) for name in ("done_at", "done_by_id")),
    }


def test_pictures_are_painted_over_and_the_gateways_file_forgets(
    person,
    aviary,  # noqa: F811
    settings,
    django_capture_on_commit_callbacks,
):
    message = person.messages.get()
    line = {"reference": str(message.reference), "to": PHONE, "text": f"尊敬的{NAME}"}
    other = {"reference": str(uuid4()), "to": "13800000001", "text": "别人的短信"}
    rows = [json.dumps(row, ensure_ascii=False) for row in (other, line, other)]
    settings.SMS_FILE.write_text("\n".join(rows) + "\n", encoding="utf-8")
    check_in = CheckIn.objects.get(order__customer=person)
    with Kept() as kept:
        photo, stranger = kept.add(b"the face"), kept.add(b"somebody else")
        CheckIn.objects.filter(pk=check_in.pk).update(signature=kept.add(NAME.encode()))
    check_in.photos.create(stored=photo, at=timezone.now())
    assert set(words_in_files()) == {"sms.jsonl", str(CheckIn.objects.get().signature)}

    with django_capture_on_commit_callbacks(execute=True):
        erasure = erase(person, aviary)

    assert words_in_files() == {}
    said = [json.loads(row) for row in settings.SMS_FILE.read_text(encoding="utf-8").splitlines()]
    assert said == [other, {"reference": str(message.reference), "to": "", "text": ""}, other]
    assert picture_path(photo).read_bytes()[:3] == b"\xff\xd8\xff"
    assert picture_path(stranger).read_bytes() == b"somebody else"
    erasure.refresh_from_db()
    assert (erasure.pictures, erasure.finished_at is not None) == ([], True)


def test_what_a_killed_process_left_is_done_by_the_sweep(person, aviary):  # noqa: F811
    with Kept() as kept:
        CheckIn.objects.filter(order__customer=person).update(signature=kept.add(NAME.encode()))
    erase(person, aviary)  # its end is never reached
    assert words_in_files() != {}

    assert finish_all(now=timezone.now()) == 1

    assert words_in_files() == {}
    assert finish_all(now=timezone.now()) == 0


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"typed": "欧阳"}, "This is not the customer's name"),
        ({"typed": ""}, "This is not the customer's name"),
    ],
)
def test_another_name_is_refused_and_nothing_is_gone(person, aviary, how, words):  # noqa: F811
    before = words_in_database()

    with pytest.raises(Refused, match=words):
        erase(person, aviary, **how)

    assert words_in_database() == before
    assert not Erasure.objects.exists()


def test_somebody_of_another_store_is_refused(person, store):
    foreigner = make_user("foreigner", store, *Role)

    with pytest.raises(Refused, match="another store"):
        erase(person, foreigner)

    assert not Erasure.objects.exists()


def test_it_is_said_which_contracts_and_jobs_still_need_the_data(person, aviary):  # noqa: F811
    SalesOrder.objects.update(status="draft", cancel_reason="", cancelled_at=None)
    RepairOrder.objects.filter(status="closed").update(
        **{"status": "in_work", "out_on": None, "closed_at": None, "outcome": ""},
        **{"settled_at": None, "paid_how": ""},
    )
    Opportunity.objects.update(status="open")

    with pytest.raises(Refused) as refusal:
        erase(person, aviary)

    order, job = SalesOrder.objects.get(), RepairOrder.objects.get(status="in_work")
    assert str(refusal.value) == (
        f"Not yet: sales order {order} is not delivered yet；金丝雀 follows a purchase；"
        f"{PLATE} is in the workshop, order {job.number}."
    )
    assert not Erasure.objects.exists()


def test_erased_a_second_time_is_refused(person, aviary):  # noqa: F811
    erase(person, aviary)
    person.refresh_from_db()

    with pytest.raises(Refused, match="already"):
        erase(person, aviary)

    assert Erasure.objects.count() == 1


def test_the_plate_of_a_car_that_has_another_owner_now_stays(store, manager):
    seller, buyer = make_customer(store, "钱多多"), make_customer(store, "孙悦")
    car = make_vehicle(store, seller, plate="沪A12345")
    Vehicle.objects.filter(pk=car.pk).update(plate="沪B54321")  # the new owner brought his plate
    Vehicle.objects.filter(pk=car.pk).update(owner=buyer)

    erase(seller, manager)

    assert words_in_database(["沪A12345", "钱多多"]) == {}
    found = words_in_database(["沪B54321"])
    assert set(found) == {("customers_vehicle", "plate"), ("customers_vehicleevent", "plate")}


def test_a_record_and_the_one_merged_into_it_go_together(store, manager):
    gone = make_customer(store, "李晓丽", "13900000077")
    kept = make_customer(store, "李小丽", "13900000088")
    merge_customers(kept, gone, chosen={}, by=manager, now=NOW)
    kept.refresh_from_db()
    assert words_in_database(["李晓丽", "13900000077"]) != {}

    erase(kept, manager)

    assert words_in_database(["李晓丽", "李小丽", "13900000077", "13900000088"]) == {}
    erased = Customer.everyone.exclude(erased_at=None).values_list("pk", flat=True)
    assert set(erased) == {kept.pk, gone.pk}


def test_what_is_known_of_others_stays(store, other_store, manager):
    person = make_customer(store, "王芳", "13900000055")
    namesake = make_customer(store, "王芳", "13900000056")
    elsewhere = make_customer(other_store, "王芳", "13900000055")
    wife = make_customer(store, "赵敏", "13900000057")
    ContactNumber.objects.create(store=store, customer=wife, number="13900000055", kind="mobile")
    Customer.objects.filter(pk=wife.pk).update(address="王芳家隔壁，电话139-0000-0055")

    erase(person, manager)

    wife.refresh_from_db()
    assert wife.address == "王芳家隔壁，电话139-0000-0055"  # nobody can tell whose these are
    assert Customer.objects.get(pk=namesake.pk).name == "王芳"
    assert Customer.objects.get(pk=elsewhere.pk).main_phone == "13900000055"
    numbers = ContactNumber.objects.filter(number="13900000055")
    assert set(numbers.values_list("customer", flat=True)) == {wife.pk, elsewhere.pk}


def test_a_number_is_found_as_people_type_it(store, manager):
    person = make_customer(store, "司马光", "13900000055")
    make_vehicle(store, person, plate="沪A7X239")
    other = make_customer(store, "赵敏", "13900000057")
    Customer.objects.filter(pk=other.pk).update(
        address="司马光的太太，他的电话139-0000 0055，车沪A·7X239，房号213900000056"
    )

    erase(person, manager)

    other.refresh_from_db()
    assert other.address == "＊＊的太太，他的电话＊＊，车＊＊，房号213900000056"


def test_the_database_function_works_only_for_an_erasure_of_its_own_transaction(
    person,
    aviary,  # noqa: F811
):
    def blank(erasure):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT erase_columns(%s, 'audit_access', 'id', '{1}', '{\"reason\": \"\"}', '{}')",
                [erasure],
            )

    with pytest.raises(InternalError, match="no erasure"):
        blank(4711)
    erasure = erase(person, aviary)
    blank(erasure.pk)  # the same transaction, in a test
    with pytest.raises(InternalError), transaction.atomic():
        Erasure.objects.filter(pk=erasure.pk).update(transaction=1)
    with pytest.raises(InternalError), transaction.atomic():
        erasure.tables.all()._raw_delete("default")
    with pytest.raises(InternalError), transaction.atomic():
        erasure.tables.update(rows=0)


def test_the_triggers_work_again_after_an_erasure(person, aviary):  # noqa: F811
    erase(person, aviary)

    with pytest.raises(InternalError), transaction.atomic():
        Access.objects.update(reason="其他")
    events = Customer.pgh_event_model.objects.filter(pgh_obj=person.pk)
    before = events.count()
    Customer.objects.filter(pk=person.pk).update(gender="male")
    assert events.count() == before + 1


def test_the_log_says_in_which_tables_and_columns(person, aviary):  # noqa: F811
    erasure = erase(person, aviary)

    told = {row.table: (set(row.columns), row.rows) for row in erasure.tables.all()}
    assert told["care_attempt"] == ({"number", "note"}, 2)
    assert told["messaging_reply"] == ({"number", "text"}, 1)
    assert (erasure.by, erasure.why, erasure.customer_id) == (aviary, "request", person.pk)
    assert ErasedTable.objects.count() == erasure.tables.count()


def test_nobody_is_called_or_written_to_any_more(person, aviary):  # noqa: F811
    waiting = make_call(person.store, customer=person, vehicle=person.vehicles.get(), cycle="x")
    message = person.messages.get()
    Message.objects.filter(pk=message.pk).update(status="queued")

    erase(person, aviary)

    waiting.refresh_from_db()
    message.refresh_from_db()
    assert (waiting.status, waiting.end_reason) == ("withdrawn", "stopped")
    assert message.status == "cancelled"
    assert not Call.objects.filter(customer=person, status="waiting").exists()
    plan(on=timezone.localdate(), now=timezone.now())
    assert not Call.objects.filter(customer=person, status="waiting").exists()


def test_what_was_noted_on_the_lists_of_a_contract_and_a_hand_over_goes(person, aviary):  # noqa: F811
    order, handed = SalesOrder.objects.get(), HandOver.objects.get()
    about = {
        "contract": contract_subject(order),
        "hand_papers": str(handed.pk),
        "hand_service": f"{handed.pk}1",  # of somebody else
    }
    runs = {kind: list_of(aviary, kind, subject) for kind, subject in about.items()}

    erase(person, aviary)

    said = {kind: run.answers.values_list("remark", flat=True) for kind, run in runs.items()}
    assert {kind: set(remarks) for kind, remarks in said.items()} == {
        "contract": {"已删除"},
        "hand_papers": {"已删除"},
        "hand_service": {"他说下周付"},
    }


def list_of(by, kind, subject):
    at = {"on": timezone.localdate(), "now": timezone.now()}
    run = go_through(by.store, kind, {}, people=0, by=by, subject=subject, **at)
    assert run.answers.update(remark="他说下周付") > 0
    return run


def test_an_earlier_owners_visit_of_a_car_that_is_his_now_stays(store, manager):
    before, person = make_customer(store, "钱多多"), make_customer(store, "孙悦")
    car = make_vehicle(store, person)
    visit = {"store": store, "vehicle": car, "kind": "repair", "out_on": TODAY, "in_on": TODAY}
    RepairOrder.objects.create(**visit, number="1", customer=before, complaints="异响")
    RepairOrder.objects.create(**visit, number="2", customer=person, complaints="漏油")
    RepairOrder.objects.create(**visit, number="3", complaints="抖动")

    erase(person, manager)

    said = RepairOrder.objects.order_by("number").values_list("complaints", flat=True)
    assert list(said) == ["异响", "已删除", "已删除"]
