"""A second store full of canaries: nothing of it sings in any page or search of the first."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import ForeignKey
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from apps.accounts.actions.store import correct_day
from apps.accounts.choices import DayKind, Role
from apps.accounts.models import DutyDay, Store, Team, TeamMember
from apps.audit.actions import note_download
from apps.audit.models import Access, Download
from apps.care.choices import CallStatus, Result
from apps.care.models import (
    Activity,
    Attempt,
    Call,
    Campaign,
    FollowUp,
    InsuranceCheck,
    InsuranceSample,
    Participant,
    Script,
)
from apps.checklists.actions import go_through
from apps.checklists.choices import ChecklistKind
from apps.complaints.models import QuickResponse
from apps.customers.models import (
    Consent,
    ConsentText,
    Duplicate,
    ElsewhereService,
    Gap,
    MaintenanceSchedule,
    Merge,
    MileageReading,
    NumberCorrection,
    Ownership,
    RightsRequest,
    StopContact,
)
from apps.delivery.models import Delivery, DeliveryArea, DsmRecord, HandOver
from apps.desk.exporting import LISTINGS, write_waiting
from apps.exchange.models import ColumnChoice, Difference, ImportFile, ImportRun, TakenRow
from apps.messaging.models import Batch, Message, MessageTemplate, Reply
from apps.penalties.models import (
    Area,
    Correction,
    Finding,
    FiveSPhoto,
    GreetingDuty,
    MonthSheet,
    Penalty,
    Proof,
    Rule,
    SheetCopy,
)
from apps.reception.models import (
    CarModel,
    Clock,
    Contact,
    DemoCar,
    DriveRoute,
    LoanApplication,
    LoanProduct,
    ModelSheet,
    Opportunity,
    OrderPaper,
    Presentation,
    PurchaseTax,
    Quotation,
    QuotationLine,
    SalesOrder,
    SelfCheck,
    ShowroomVisit,
    StockCar,
    TestDrive,
    TradeIn,
    Trim,
    TrimPrice,
)
from apps.reports.models import FigureTarget, MonthlyReport
from apps.service.models import (
    Appointment,
    Bay,
    BayClosure,
    CheckIn,
    Operation,
    Overnight,
    Part,
    PartSupply,
    RepairOrder,
    Rescue,
    ServiceDay,
    Technician,
    Waiting,
)
from apps.ssi.models import (
    Answer,
    GuideAction,
    OfficialScore,
    Recall,
    RecallSample,
    SurveyFactor,
    SurveyLink,
    SurveyModel,
    SurveyQuestion,
    SurveyStandard,
)
from tests.access import address, all_pages, ask
from tests.factories import make_call, make_customer, make_user, make_vehicle
from tests.ssi.made import finished_response

SONG = "金丝雀"
PLATE, VIN, PHONE = "苏E7C4N6", "LCANARY7654321098", "13876540987"
SEARCHES = ["0987", "7C4N", "CANARY76", SONG, "丝雀", "jsq", PHONE]
PAGES = {name: page for name, page in all_pages().items() if page.method == "get"}


@pytest.fixture
def aviary(other_store):
    """One of everything, each with the song in every text that a person can read."""
    now, today = timezone.now(), timezone.localdate()
    store = other_store
    Store.objects.filter(pk=store.pk).update(name=SONG, city=SONG)
    keeper = make_user("keeper", store, *Role)
    keeper.name = SONG
    keeper.save()
    customer = make_customer(
        store, f"{SONG}先生", PHONE, initials="jsqxs", address=SONG, contact_name=SONG
    )
    car = make_vehicle(store, customer, vin=VIN, plate=PLATE, model=SONG)
    open_call = make_call(store, customer=customer, vehicle=car, owner=keeper, due_on=today)
    failed = make_call(store, customer=customer, vehicle=car, owner=keeper, cycle="earlier")
    failed.status, failed.ended_at = CallStatus.FAILED, now
    failed.save()
    for call in (open_call, failed):
        Attempt.objects.create(
            store=store,
            call=call,
            at=now,
            counted=False,
            result=Result.NO_ANSWER,
            by=keeper,
            note=SONG,
        )
    asked = make_call(
        store, customer=customer, vehicle=car, kind="service_follow_up", cycle=SONG, owner=keeper
    )
    FollowUp.objects.create(
        **{"store": store, "call": asked, "repair_type": "repair", "satisfaction": "good"},
        **{"text": SONG, "by": keeper, "at": now},
    )
    verified_of(open_call, failed, keeper)
    activity_of(customer, keeper)
    judged(keeper)
    complaint_of(customer, car, keeper)
    campaign_of(keeper)
    Script.objects.filter(store=store).update(text=SONG, points=[SONG])
    MessageTemplate.objects.filter(store=store).update(text=SONG, subject=SONG)
    message = Message.objects.create(
        store=store,
        customer=customer,
        channel="sms",
        purpose="service",
        key="maintenance",
        to=PHONE,
        text=SONG,
        dedupe_key="canary",
        not_before=now,
        queued_at=now,
        status="unknown",
    )
    Reply.objects.create(
        store=store,
        customer=customer,
        message=message,
        number=PHONE,
        text=SONG,
        at=now,
        provider_id="canary",
    )
    NumberCorrection.objects.create(
        store=store,
        customer=customer,
        number=customer.numbers.get(),
        department="service",
        asked_by=keeper,
        asked_at=now,
    )
    RepairOrder.objects.create(
        store=store, number=SONG, vehicle=car, kind="repair", out_on=today, advisor=SONG
    )
    delivered = Delivery.objects.create(
        store=store,
        vehicle=car,
        customer=customer,
        delivered_on=date(2025, 1, 1),
        consultant=SONG,
    )
    DsmRecord.objects.create(
        **{"store": store, "delivery": delivered, "consultant": keeper, "due_at": now},
        **{"status": "sent_back", "sent_back_at": now, "sent_back_why": SONG},
    )
    survey_of(delivered, keeper)
    workshop_of(store, customer, car, keeper)
    showroom_of(store, customer, keeper)
    run = ImportRun.objects.create(store=store, by=keeper, created_at=now, problem=SONG)
    ImportFile.objects.create(
        store=store, run=run, name=f"{SONG}.xlsx", size=1, kind="deliveries", headings=[SONG]
    )
    correct_day(store, today + timedelta(days=1), DayKind.CLOSED, SONG, on=today)
    what_is_said_of(customer, car, keeper)
    return keeper


def verified_of(check, sampled, keeper):
    """A verification of last month's insurance calls (CARE-09)."""
    now, store = timezone.now(), keeper.store
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    sample = InsuranceSample.objects.create(
        store=store, month=month, seed=1, share=60, population=[sampled.pk], drawn_at=now
    )
    InsuranceCheck.objects.create(
        **{"store": store, "sample": sample, "sampled": sampled, "call": check},
        **{"specialist": keeper, "finding": "otherwise", "text": SONG, "by": keeper, "at": now},
    )


def complaint_of(customer, car, keeper):
    """A matter that the department has, late, with everything said about it (SSI-04)."""
    now, store = timezone.now(), keeper.store
    row = QuickResponse.objects.create(
        **{"store": store, "customer": customer, "vehicle": car, "origin": "survey"},
        **{"department": "service", "text": SONG, "status": "handle", "measure": SONG},
        **{"since": now, "due_at": now - timedelta(hours=1), "escalated_at": now},
        **{"made_at": now, "approved_by": keeper, "handler": keeper, "accepted_at": now},
        root_cause="time",
    )
    row.steps.create(store=store, step="approve", became="handle", at=now, by=keeper, text=SONG)
    row.questions.create(store=store, question=SONG, before=3)


def survey_of(delivery, keeper):
    """A survey that was asked, its link, and the manager's re-call; the models and the guide that
    the store keeps (SSI)."""
    store, now, today = keeper.store, timezone.now(), timezone.localdate()
    SurveyModel.objects.filter(store=store).update(name=SONG, origin=SONG)
    SurveyFactor.objects.filter(store=store).update(name=SONG)
    SurveyQuestion.objects.filter(store=store).update(text=SONG)
    SurveyStandard.objects.filter(store=store).update(text=SONG)
    GuideAction.objects.filter(store=store).update(weakness=SONG, action=SONG)
    OfficialScore.objects.create(store=store, year=2010, score=777, source=SONG, by=keeper, at=now)
    about = {"store": store, "customer": delivery.customer, "vehicle": delivery.vehicle}
    asked = make_call(**about, kind="ssi_first", cycle=str(delivery.pk), owner=keeper)
    team = Team.objects.create(store=store, name=SONG)
    TeamMember.objects.create(store=store, user=keeper, team=team, from_on=today)
    row = finished_response(
        **{**about, "delivery": delivery, "on": today, "call": asked, "team": team},
        **{"interviewer": keeper, "consultant_name": SONG},
        **{"complaint": SONG, "remark": SONG, "marks": ["changed"]},
    )
    Answer.objects.filter(response=row).update(word=SONG)
    row.standards.create(store=store, standard=row.model.standards.first(), kept=False)
    SurveyLink.objects.create(
        store=store, response=row, key=SONG, made_by=keeper, made_at=now, expires_at=now
    )
    sample = RecallSample.objects.create(
        store=store, month=today.replace(day=1), seed=1, share=5, population=[row.pk], drawn_at=now
    )
    recall = Recall.objects.create(
        **{"store": store, "sample": sample, "response": row, "status": "done"},
        **{"by": keeper, "at": now, "remark": SONG},
    )
    answer = row.answers.first()
    recall.answers.create(store=store, question=answer.question, value=3)


def judged(keeper):
    """A rule, a proposal on a closed month with its correction, and a month report (PEN, REP)."""
    now, store, today = timezone.now(), keeper.store, timezone.localdate()
    month = today.replace(day=1)
    rule = Rule.objects.create(
        **{"store": store, "clause": "reminder", "effective_from": today, "text": SONG},
        **{"low_amount": 50, "high_amount": 100, "made_by": keeper},
    )
    GreetingDuty.objects.create(store=store, month=month, person=keeper, named_by=keeper)
    row = Penalty.objects.create(
        **{"store": store, "clause": "reminder", "rule": rule, "fact": SONG, "event_on": today},
        **{"person": keeper, "evidence": {"what": SONG}, "amount": 50, "detected_at": now},
        **{"explain_until": today, "explanation": SONG, "reason": SONG, "appeal": SONG},
    )
    Proof.objects.create(
        **{"store": store, "penalty": row, "kind": "attached", "stored": uuid4()},
        **{"paper_name": SONG, "by": keeper, "at": now},
    )
    a_check_of_rooms(store, keeper)
    sheet = MonthSheet.objects.create(store=store, month=month, closed_by=keeper)
    of_sheet = {"store": store, "person": keeper, "penalty": row}
    sheet.entries.create(**of_sheet, kind="penalty", amount=-7654321, text=SONG)
    Correction.objects.create(
        store=store, penalty=row, amount=7654321, reason=SONG, by=keeper, at=now
    )
    FigureTarget.objects.create(store=store, figure="churn", effective_from=today, target=5)
    report = MonthlyReport.objects.create(
        **{"store": store, "month": month, "written_at": now, "analysis": SONG, "plan": SONG},
        **{"focus": SONG, "sent_back_why": SONG},
    )
    of_report = {"store": store, "figure": "churn"}
    report.figures.create(**of_report, month=month, is_final=True, n=7, of=77, digest="")
    report.actions.create(**of_report, cause=SONG, action=SONG, outcome=SONG)


def activity_of(customer, keeper):
    """A care activity today, and who comes (CARE-12)."""
    now, store = timezone.now(), keeper.store
    row = Activity.objects.create(
        **{"store": store, "name": SONG, "on": timezone.localdate(), "starts_at": "09:30"},
        **{"place": SONG, "budget_amount": 7654321, "plan": SONG, "sales_part": SONG},
        **{"service_part": SONG, "made_by": keeper, "made_at": now},
    )
    Participant.objects.create(
        **{"store": store, "activity": row, "customer": customer, "invited": "in_person"},
        **{"answer": "signed_up", "answered_by": keeper, "answered_at": now},
    )


def campaign_of(keeper):
    """A text to many customers that is being sent (CARE-06)."""
    now, store = timezone.now(), keeper.store
    Campaign.objects.create(
        **{"store": store, "kind": "weather", "name": SONG, "text": SONG, "status": "running"},
        **{"send_on": timezone.localdate(), "sent_back": SONG, "filters": {"models": [SONG]}},
        **{"written_by": keeper, "written_at": now, "decided_by": keeper, "decided_at": now},
        **{"batch": Batch.objects.create(store=store, name=SONG, made_at=now), "started_at": now},
    )


def workshop_of(store, customer, car, keeper):
    """A workshop in which everything sings, and an appointment today."""
    now, today = timezone.now(), timezone.localdate()
    able = {"store": store, "skills": ["quick", "general"]}
    bay = Bay.objects.create(**able, name=SONG[:20])
    BayClosure.objects.create(store=store, bay=bay, on=today, reason=SONG)
    technician = Technician.objects.create(**able, user=keeper)
    ServiceDay.objects.create(store=store, on=today, reason=SONG)
    Operation.objects.create(
        **{"store": store, "code": SONG[:20], "name": SONG, "kind": "repair", "skill": "quick"},
        **{"minutes": 60, "price_amount": 7654321},
    )
    part = Part.objects.create(store=store, number=SONG, name=SONG, price_amount=7654321)
    PartSupply.objects.create(
        store=store, part=part, kind="order", quantity=1, expected_on=today, by=keeper
    )
    about = {"store": store, "customer": customer, "vehicle": car, "by": keeper, "made_at": now}
    Appointment.objects.create(
        **about,
        **{"kind": "repair", "source": "care", "on": today, "skill": "quick"},
        **{"starts_at": now, "ends_at": now + timedelta(hours=1)},
        **{"bay": bay, "technician": technician, "symptoms": SONG, "remark": SONG},
    )
    order = RepairOrder.objects.create(
        **{"store": store, "number": f"{SONG}1", "vehicle": car, "customer": customer},
        **{"kind": "repair", "status": "waiting", "opened_at": now, "in_on": today},
        **{"complaints": SONG, "diagnosis": SONG, "advisor": SONG, "technician": technician},
    )
    order.stages.create(stage="waiting", at=now, by=keeper, note=SONG)
    order.work.create(name=SONG, minutes=30, price_amount=1, added_at=now, added_by=keeper)
    taken_in = CheckIn.objects.create(
        **{"store": store, "order": order, "by": keeper, "at": now, "walked_at": now},
        **{"has_book": True, "is_protected": True, "fuel": 4, "in_hurry": True},
        **{"valuables": SONG, "remark": SONG, "turn_of": keeper},
    )
    taken_in.marks.create(kind="dent", x=1, y=1, note=SONG, since=today)
    Rescue.objects.create(
        **{"store": store, "called_at": now, "caller": SONG, "phone": PHONE, "plate": PLATE},
        **{"place": SONG, "trouble": SONG, "remark": SONG, "went": keeper, "by": keeper},
    )
    row = RepairOrder.objects.filter(store=store).exclude(status="").first()
    row = row or RepairOrder.objects.filter(store=store).first()
    Overnight.objects.create(
        store=store, order=row, on=today, reason=SONG, key_place=SONG, by=keeper
    )
    run = go_through(store, ChecklistKind.PREPARATION, {}, on=today, people=1, by=keeper, now=now)
    run.answers.update(remark=SONG)
    Waiting.objects.create(
        **about, wanted_from=today, wanted_until=today, skill="quick", minutes=60, remark=SONG
    )


def showroom_of(store, customer, keeper):
    """A party in the house, its purchase and the order about it."""
    now, today = timezone.now(), timezone.localdate()
    model = CarModel.objects.create(store=store, brand=SONG, name=SONG)
    trim = Trim.objects.create(store=store, car_model=model, name=SONG)
    TrimPrice.objects.create(store=store, trim=trim, effective_from=today, guide_amount=7654321)
    ModelSheet.objects.create(
        **{"store": store, "car_model": model, "valid_until": today, "kept_by": keeper},
        **{"kept_at": now, "front": SONG, "selling_points": SONG, "competitors": SONG},
    )
    wanted = Opportunity.objects.create(
        **{"store": store, "customer": customer, "consultant": keeper, "source": "web"},
        **{"car_model": model, "trim": trim, "colour": SONG, "needs": SONG, "current_car": SONG},
        **{"opened_at": now, "opened_by": keeper, "follow_up_on": today},
    )
    Contact.objects.create(
        store=store, opportunity=wanted, at=now, by=keeper, how="phone", level="b", text=SONG
    )
    Presentation.objects.create(
        **{"store": store, "opportunity": wanted, "car_model": model, "at": now, "by": keeper},
        **{"positions": ["front"], "compared_with": SONG, "questions": SONG},
    )
    Clock.objects.create(
        **{"store": store, "opportunity": wanted, "kind": "enquiry", "since": now},
        due_at=now + timedelta(days=1),
    )
    PurchaseTax.objects.create(store=store, effective_from=today, relief_cap_amount=7654321)
    LoanProduct.objects.create(
        **{"store": store, "name": SONG, "lender": SONG, "annual_percent": 1, "terms": [12]},
        effective_from=today,
    )
    quoted = Quotation.objects.create(
        **{"store": store, "opportunity": wanted, "place": 1, "name": SONG, "trim": trim},
        **{"colour": SONG, "energy": "fuel", "remark": SONG, "reason": SONG, "valid_until": today},
        **{"guide_amount": 7654321, "invoice_amount": 7654321, "tax_base_amount": 1},
        **{"tax_relief_amount": 0, "given_amount": 0, "total_amount": 7654321},
        **{"approval": "waiting", "asked_by": keeper, "asked_at": now},
        **{"made_at": now, "made_by": keeper},
    )
    QuotationLine.objects.create(
        **{"quotation": quoted, "place": 1, "kind": "fee", "name": SONG, "amount": 1},
        remark=SONG,
    )
    ShowroomVisit.objects.create(
        **{"store": store, "arrived_at": now, "remark": SONG, "customer": customer},
        **{"opportunity": wanted, "consultant": keeper, "taken_at": now, "by": keeper},
        greet_until=now,
    )
    run = go_through(store, ChecklistKind.SELF_CHECK, {}, on=today, people=0, by=keeper, now=now)
    run.answers.update(remark=SONG)
    watched = make_user("watched", store, *Role)
    SelfCheck.objects.create(
        **{"store": store, "consultant": watched, "run": run, "at": now, "by": keeper},
        **{"seen": 1, "weak": 0, "note": SONG},
    )
    demo_car = DemoCar.objects.create(
        store=store, plate=PLATE, car_model=model, trim=trim, colour=SONG, remark=SONG
    )
    route = DriveRoute.objects.create(store=store, name=SONG, way=SONG, km=8, minutes=20)
    TestDrive.objects.create(
        **{"store": store, "opportunity": wanted, "consultant": keeper, "by": keeper},
        **{"demo_car": demo_car, "route": route, "remark": SONG, "made_at": now},
        **{"starts_at": now, "ends_at": now + timedelta(minutes=30)},
    )
    car = StockCar.objects.create(store=store, vin=f"{VIN[:-1]}9", trim=trim, colour=SONG)
    order = SalesOrder.objects.create(
        **{"store": store, "opportunity": wanted, "customer": customer, "consultant": keeper},
        **{"trim": trim, "price_amount": 7654321, "made_at": now, "stock_car": car},
        remark=SONG,
    )
    hand_over_of(order, keeper)


def a_check_of_rooms(store, keeper):
    """A 5S point that was not in order today, with its photo, and the sheet that was sent."""
    now, today = timezone.now(), timezone.localdate()
    Area.objects.filter(store=store, place=1).update(name=SONG, person=keeper)
    run = go_through(store, ChecklistKind.FIVE_S_FIRST, {}, on=today, people=0, by=keeper, now=now)
    run.answers.update(remark=SONG)
    of_answer = {"store": store, "answer": run.answers.first(), "by": keeper, "at": now}
    Finding.objects.create(**of_answer, person=keeper)
    FiveSPhoto.objects.create(**of_answer, stored=uuid4())
    SheetCopy.objects.create(store=store, on=today, person=keeper, sent_at=now)


def hand_over_of(order, keeper):
    """The car is to be handed over today, in an area that sings."""
    now, store = timezone.now(), order.store
    row = HandOver.objects.create(
        **{"store": store, "order": order, "consultant": keeper, "on": timezone.localdate()},
        **{"starts_at": now, "ends_at": now + timedelta(hours=1), "planned_minutes": 60},
        **{"area": DeliveryArea.objects.create(store=store, name=SONG), "remark": SONG},
        **{"made_by": keeper, "made_at": now, "plate": PLATE, "insurer": SONG, "told": SONG},
    )
    row.ready.create(point="gift", by=keeper, at=now)
    of_order = {"store": store, "order": order}
    OrderPaper.objects.create(**of_order, kind="id_card", by=keeper, at=now)
    LoanApplication.objects.create(
        **of_order, lender=SONG, amount=7654321, months=36, note=SONG, by=keeper, made_at=now
    )
    TradeIn.objects.create(
        **of_order, plate=PLATE, vin=VIN, model=SONG, km=7654321, condition="good", findings=SONG
    )


def what_is_said_of(customer, car, keeper):
    """The small rows about a customer and a car, and what the store keeps beside."""
    now, today, store = timezone.now(), timezone.localdate(), keeper.store
    about = {"store": store, "customer": customer}
    of_car = {"store": store, "vehicle": car}
    StopContact.objects.create(
        **about, vehicle=car, kind="maintenance", reason=SONG, by=keeper, at=now
    )
    Consent.objects.create(
        **about, purpose="marketing", state="given", at=now, source=SONG, by=keeper
    )
    ConsentText.objects.filter(store=store).update(text=SONG)
    RightsRequest.objects.create(
        **{**about, "kind": "access", "how": "phone", "text": SONG, "asked_on": today},
        **{"due_on": today, "taken_by": keeper, "taken_at": now},
    )
    Ownership.objects.create(**about, vehicle=car, from_on=today)
    MileageReading.objects.create(**of_car, on=today, km=7654321, source="import", accepted=False)
    ElsewhereService.objects.create(
        **of_car, on=today, shop=SONG, place=SONG, recorded_by=keeper, recorded_at=now
    )
    Gap.objects.create(store=store, customer=customer, lack="phone", place=1)
    MaintenanceSchedule.objects.create(store=store, model=SONG, effective_from=today)
    DutyDay.objects.create(store=store, user=keeper, on=today, on_duty=False)
    ColumnChoice.objects.create(store=store, kind="deliveries", heading=SONG, field="vin")
    Difference.objects.create(
        **about,
        field="address",
        ours=SONG,
        theirs=SONG,
        file_name=SONG,
        found_at=now,
        said_at=now,
    )
    TakenRow.objects.create(**about, vehicle=car, kind=0, key=VIN, vals={"name": SONG})
    note_download(
        "care:calls",
        query=f"q={SONG}",
        format="csv",
        language="zh-hans",
        reason=SONG,
        by=keeper,
        now=now,
        at_once=True,
    )
    double = make_customer(store, SONG)
    gone = make_customer(store, SONG, merged_into=customer, merged_at=now)
    Duplicate.objects.create(
        store=store, low=customer, high=double, signs=["phone"], strength=4, found_at=now
    )
    Merge.objects.create(store=store, kept=customer, gone=gone, by=keeper, at=now)
    Access.objects.create(
        store=store,
        user=keeper,
        at=now,
        kind="unmask",
        model="customers.customer",
        object_pk=customer.pk,
        reason=SONG,
    )


def sings(response):
    text = b"".join(response) if response.streaming else response.content
    if text.startswith(b"PK"):  # a workbook
        sheet = load_workbook(BytesIO(text)).active
        text = str([cell for row in sheet.iter_rows(values_only=True) for cell in row]).encode()
    heard = [SONG, PLATE, VIN, PHONE, "138****0987"]
    return [word for word in heard if word in text.decode(errors="replace")]


def exports_heard_by(client, listener, words=""):
    """Export → the canary's words in it, in both forms, in the answer and from the worker."""
    client.force_login(listener)
    heard = {}
    for name in LISTINGS:
        for form in ("csv", "xlsx"):
            asked = {"format": form, "reason": "核对", "query": words}
            heard[name, form] = sings(client.post(reverse("desk:export", args=[name]), asked))
            note_download(
                name,
                **asked,
                language="zh-hans",
                by=listener,
                now=timezone.now(),
                at_once=False,
            )
            write_waiting(now=timezone.now())
            written = Download.objects.latest("pk")
            assert written.status == "ready", written.problem
            answer = client.get(reverse("desk:download-file", args=[written.pk]))
            heard[name, form, "worker"] = sings(answer)
    return {place: words for place, words in heard.items() if words}


def nosy(store):
    """Opens every page, but sees no more stores than his own."""
    return make_user("nosy", store, *(role for role in Role if role != Role.SYSTEM_ADMINISTRATOR))


def heard_by(client, listener, store, searches):
    """Page or search → the canary's words that ``listener`` finds in it."""
    client.force_login(listener)
    heard = {}
    for name, page in PAGES.items():
        heard[name] = sings(ask(client, page, address(name, page, store)))
    for text in searches:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get("/search/", {"q": text}, headers=headers, follow=True)
            found = [word for word in sings(answer) if word not in text]
            heard[f"search {text} {headers}"] = found
    return {place: words for place, words in heard.items() if words}


def test_no_page_and_no_search_of_one_store_shows_anything_of_another(client, store, aviary):
    assert heard_by(client, nosy(store), store, SEARCHES) == {}


def test_a_system_administrator_hears_the_names_of_stores_where_he_gives_them_to_read(
    client, store, aviary
):
    administrator = make_user("administrator", store, Role.SYSTEM_ADMINISTRATOR)

    assert heard_by(client, administrator, store, SEARCHES) == {"accounts:person": [SONG]}


def test_a_group_manager_hears_only_the_stores_he_reads(client, store, aviary):
    group = make_user("group", store, Role.GROUP_MANAGER)
    assert heard_by(client, group, store, SEARCHES) == {}

    group.reads.add(aviary.store)

    assert SONG in sings(client.get(reverse("care:calls")))


def test_an_address_that_names_rows_of_another_store_opens_nothing_of_them(client, store, aviary):
    """Filters and *start from* take ids that anybody can change in the address bar."""
    script = Script.objects.filter(store=aviary.store).first()
    template = MessageTemplate.objects.filter(store=aviary.store).first()
    asked = {
        "run": ImportRun.objects.get(store=aviary.store).pk,
        "specialist": aviary.pk,
        "person": aviary.pk,
        "store": aviary.store.pk,
        "department": aviary.store.departments.first().pk,
    }
    client.force_login(nosy(store))
    heard = {}
    for name, page in PAGES.items():
        url = address(name, page, store)
        for copy in (script.pk, template.pk):
            answer = client.get(url, page.data | asked | {"copy": copy})
            # a survey whose call one does not hold leads back to the call
            back = answer.status_code == 302 and name == "ssi:survey"
            assert back or answer.status_code in (200, 204, 404), name
            heard[name, copy] = sings(answer)

    assert {place: words for place, words in heard.items() if words} == {}


def test_a_form_that_names_rows_of_another_store_changes_nothing(client, store, aviary):
    client.force_login(nosy(store))
    colleague = make_user("colleague", store, Role.CARE_SPECIALIST)
    strange = Call.objects.filter(store=aviary.store, status=CallStatus.WAITING).earliest("pk")
    ours, department = make_call(store), store.departments.first()
    car = make_vehicle(store)
    difference = Difference.objects.get(store=aviary.store)
    answers = [
        client.post(reverse(name, args=args), data)
        for name, args, data in [
            ("care:call-reassign", [], {"calls": [strange.pk], "to": colleague.pk}),
            ("care:call-reassign", [], {"calls": [ours.pk], "to": aviary.pk}),
            ("accounts:department-manager", [department.pk], {"person": aviary.pk}),
            ("accounts:roster-set", [], {"cell": f"{aviary.pk}:2036-01-01:off"}),
            ("customers:vehicle-owner", [car.pk], {"phone": PHONE}),
            ("exchange:differences-settle", [], {"theirs": difference.pk}),
        ]
    ]

    assert [answer.status_code for answer in answers] == [409, 422, 404, 404, 409, 409]
    assert [[w for w in sings(answer) if w != PHONE] for answer in answers] == [[]] * 6
    strange.refresh_from_db()
    ours.refresh_from_db()
    department.refresh_from_db()
    car.refresh_from_db()
    assert (strange.owner, ours.owner, department.manager) == (aviary, None, None)
    difference.refresh_from_db()
    assert (car.owner.store, difference.status) == (store, "open")
    assert not DutyDay.objects.filter(on="2036-01-01").exists()


def test_the_canaries_do_sing_at_home(client, aviary):
    """The control: without the walls the tests above would hear them."""
    heard = heard_by(client, aviary, aviary.store, SEARCHES)

    lists = {"desk:customer-list", "care:calls", "care:failed", "messaging:message-list"}
    lists |= {"exchange:differences"}
    assert lists <= set(heard)
    assert {f"search {text} {{}}" for text in SEARCHES[:6]} <= set(heard)


def test_no_export_of_one_store_holds_anything_of_another(client, store, aviary):
    listener = nosy(store)
    assert exports_heard_by(client, listener) == {}
    assert exports_heard_by(client, listener, f"specialist={aviary.pk}&person={aviary.pk}") == {}


def test_the_canaries_do_sing_in_exports_at_home_and_no_number_is_in_them_whole(client, aviary):
    heard = exports_heard_by(client, aviary)

    assert {place[0] for place in heard} >= {
        "desk:customer-list",
        "care:calls",
        "care:failed",
        "messaging:message-list",
        "messaging:unknown-list",
        "customers:correction-list",
        "customers:reading-list",
        "exchange:import-list",
        "accounts:people",
    }
    assert [place for place, words in heard.items() if PHONE in words] == []


def test_nothing_kept_for_a_store_is_missing_from_the_aviary(aviary):
    """A new table that belongs to a store must bring its canary, or be named here."""
    quiet = {
        "care.PlannedDay",
        "care.Notice",
        "customers.MaintenanceCycle",
        "customers.ArchiveDay",
    }  # no words
    quiet |= {"customers.Erasure"}  # of nobody who is there
    kept = {
        model._meta.label: model
        for model in apps.get_models()
        if not model._meta.label.endswith("Event")
        and any(
            isinstance(field, ForeignKey) and field.related_model is Store
            for field in model._meta.local_fields
        )
    }
    silent = {
        label for label, model in kept.items() if not model.objects.filter(store=aviary.store)
    }

    assert silent <= quiet
