"""A store from nothing: one administrator, the steps of the set-up page, the first working day."""

import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.accounts.choices import Role
from apps.accounts.models import Store, Team, User
from apps.care.actions import planning
from apps.care.models import Call, Script
from apps.customers.models import Vehicle
from apps.desk.setup_steps import FIRST_DAY, SET_UP
from apps.exchange.models import ImportRun
from apps.messaging.models import MessageTemplate
from apps.reception.models import CarModel, ShowroomVisit, Trim
from apps.reports.choices import Figure
from apps.service.models import Appointment, Operation
from apps.ssi.models import GuideAction, SurveyModel
from tests.exchange.files import DELIVERIES, csv_file, delivery
from tests.factories import make_user

GUIDE = Path(__file__).parents[2] / "docs" / "setup.zh.md"
NOW = datetime.fromisoformat("2026-03-10T09:40:00+08:00")  # a Tuesday, inside the morning's slot
TOMORROW = "2026-03-11"
OWN = "Kai-Dian-2026-ok"
PEOPLE = {
    "zong": ("钱总", "administration", [Role.GENERAL_MANAGER, Role.ADMINISTRATION]),
    "xiaojing": ("孙销", "sales", [Role.SALES_MANAGER]),
    "guwen": ("李顾", "sales", [Role.SALES_CONSULTANT]),
    "qiantai": ("周前", "sales", [Role.RECEPTIONIST]),
    "shouhou": ("吴售", "service", [Role.SERVICE_MANAGER]),
    "jieche": ("郑接", "service", [Role.SERVICE_ADVISOR]),
    "jishi": ("王技", "service", [Role.WORKSHOP]),
    "kejing": ("冯客", "care", [Role.CARE_MANAGER, Role.INSURANCE_SPECIALIST]),
    "zhuanyuan": ("陈专", "care", [Role.CARE_SPECIALIST]),
}


def as_given(form):
    """What a browser sends of a form in which nobody has typed anything."""
    values = {}
    for field in form:
        value = field.value()
        if value is True:
            value = "on"
        if value is not None and value is not False:
            values[field.html_name] = value
    return values


def fill(client, view, /, *args, **typed):
    """Open a page, type into its form, send it; the answer must be that it was taken."""
    address = reverse(view, args=args)
    page = client.get(address)
    assert page.status_code == 200, (view, page.status_code)
    sent = as_given(page.context["form"]) | typed
    answer = client.post(address, {key: value for key, value in sent.items() if value != ""})
    wrong = answer.context["form"].errors if answer.status_code == 422 else answer.status_code
    assert answer.status_code == 302, (view, wrong)
    return answer


def signed_in(username, password):
    """Signs in with the password that was handed out and chooses another, as everybody must."""
    browser = Client()
    browser.post(reverse("account_login"), {"login": username, "password": password})
    page = browser.get(reverse("desk:home"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("account_change_password")
    own = {"oldpassword": password, "password1": OWN, "password2": OWN}
    browser.post(reverse("account_change_password"), own)
    assert browser.get(reverse("desk:home")).status_code == 200
    return browser


def put_up():
    """What the operator types at the server, as docs/operations.md says."""
    said = StringIO()
    call_command("add_store", "SH01", "上海新店", stdout=said)
    call_command("add_administrator", "SH01", "admin", name="张管理", stdout=said)
    return signed_in("admin", said.getvalue().split()[-1])


def lines_of(browser):
    page = browser.get(reverse("desk:setup"))
    return {str(line.step.label): line for line in page.context["before"].lines}


def enter_people(admin):
    """Step 4 and 5: everybody's temporary password is read off the page."""
    store, browsers = Store.objects.get(code="SH01"), {}
    departments = {row.kind: row.pk for row in store.departments.all()}
    for username, (name, department, roles) in PEOPLE.items():
        typed = {"username": username, "name": name, "roles": roles}
        typed["department"] = departments[department]
        page = admin.post(reverse("accounts:person-new"), typed)
        browsers[username] = signed_in(username, page.context["password"])
    for kind, username in (("sales", "xiaojing"), ("service", "shouhou"), ("care", "kejing")):
        leader = {"person": User.objects.get(username=username).pk}
        admin.post(reverse("accounts:department-manager", args=[departments[kind]]), leader)
    return browsers


def set_up_by_administrator(admin):
    fill(admin, "accounts:store", city="上海", local_regions="上海,沪")
    browsers = enter_people(admin)
    people = {person.username: person.pk for person in User.objects.all()}
    admin.post(reverse("accounts:team-new"), {"name": "一组"})
    member = {"user": people["guwen"], "team": Team.objects.get().pk, "from_on": "2026-03-10"}
    admin.post(reverse("accounts:team-member-new"), member)
    fill(admin, "service:bay-new", name="1号", skills=["quick", "general"])
    fill(admin, "service:technician-new", user=people["jishi"], skills=["quick", "general"])
    fill(admin, "service:part-new", number="A-1", name="机油滤芯", price_amount="35", stock="20")
    work = {"code": "S1", "name": "首保套餐", "kind": "first_service", "skill": "quick"}
    work |= {"minutes": "60", "price_amount": "0", "usual": "A-1 × 1"}
    fill(admin, "service:operation-new", **work)
    return browsers


def set_up_by_managers(browsers):
    seller, boss = browsers["xiaojing"], browsers["zong"]
    fill(seller, "reception:model-new", brand="别克", name="君越")
    model = CarModel.objects.get()
    fill(seller, "reception:trim-new", model.pk, name="豪华型")
    price = {"guide_amount": "199900", "effective_from": "2026-03-10"}
    fill(seller, "reception:price-new", Trim.objects.get().pk, **price)
    fill(seller, "reception:demo-car-new", plate="沪A00001", car_model=model.pk)
    fill(seller, "reception:route-new", name="环线", km="6", minutes="20")
    greeter = User.objects.get(username="zhuanyuan").pk
    fill(browsers["kejing"], "penalties:greeting-new", month="2026-03-01", person=greeter)
    fill(boss, "reports:targets-new", **{figure.value: "60" for figure in Figure})


def import_a_delivery(admin, folder):
    """A car handed over ten weeks ago: its first service is to be reminded now (CARE-02)."""
    sold = (NOW - timedelta(days=70)).date().isoformat()
    path = csv_file(folder, DELIVERIES, delivery(on=sold))
    file = SimpleUploadedFile(path.name, path.read_bytes())
    admin.post(reverse("exchange:import-new"), {"uploads": [file]})
    run = ImportRun.objects.get()
    page = admin.get(reverse("exchange:import", args=[run.pk]))
    sent = {}
    for form, given in zip(page.context["forms"], run.files.all(), strict=True):
        sent |= as_given(form) | {f"was-{given.pk}": given.kind}
    admin.post(reverse("exchange:import-columns", args=[run.pk]), sent)
    admin.post(reverse("exchange:import-apply", args=[run.pk]))
    run.refresh_from_db()
    assert run.status == "applied"


def first_day(browsers):
    """The specialist's first call, a visit at the door, an appointment for the car."""
    answer = browsers["zhuanyuan"].post(reverse("care:claim-next"))
    call = Call.objects.get(holder__username="zhuanyuan")
    assert (answer.url, call.kind) == (reverse("care:call", args=[call.pk]), "first_service")
    assert "张伟" in browsers["zhuanyuan"].get(answer.url).content.decode()

    door = browsers["qiantai"].get(reverse("reception:door"))
    visit = as_given(door.context["form"]) | {"greeted": "1"}
    assert browsers["qiantai"].post(reverse("reception:visit-new"), visit).status_code == 302

    form = reverse("service:appointment-new", args=[Vehicle.objects.get().pk])
    work = Operation.objects.get().pk
    times = browsers["jieche"].get(form, {"operations": work, "earliest": TOMORROW})
    booked = as_given(times.context["form"]) | {"starts_at": f"{TOMORROW}T09:30"}
    answer = browsers["jieche"].post(form, booked | {"operations": [work]})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_a_new_store_is_set_up_by_pages_and_works_on_its_first_day(tmp_path):
    with time_machine.travel(NOW, tick=True):
        admin = put_up()
        before = lines_of(admin)
        own = {line.step.by: set() for line in before.values()}
        for line in before.values():
            own[line.step.by].add(line.mine)
        assert own.pop("system_administrator") == {True}
        assert set.union(*own.values()) == {False}

        browsers = set_up_by_administrator(admin)
        left = {line.step.by for line in lines_of(admin).values() if not line.done}
        assert left == {"sales_manager", "care_manager", "general_manager"}
        set_up_by_managers(browsers)
        lines = lines_of(admin)
        assert {label: line.state.lacks for label, line in lines.items() if not line.done} == {}
        assert "门店设置已完成" in admin.get(reverse("desk:setup")).content.decode()

        import_a_delivery(admin, tmp_path)
        planning.plan(on=NOW.date(), now=timezone.now())  # the clock does it every five minutes
        first_day(browsers)
        assert ShowroomVisit.objects.count() == Appointment.objects.count() == 1
        page = admin.get(reverse("desk:setup"))
        missing = [str(line.step.page) for line in page.context["first_day"].lines if not line.done]
        assert missing == []


def test_the_guide_walks_the_steps_of_the_page():
    steps = [step for chapter in (*SET_UP, FIRST_DAY) for step in chapter.steps]
    with override("zh-hans"):
        page = [(number, str(step.label)) for number, step in enumerate(steps, 1)]
        chapters = [str(chapter.label) for chapter in (*SET_UP, FIRST_DAY)]
    text = GUIDE.read_text()

    told = re.findall(r"^(\d+)\. \*\*(.+?)\*\*", text, re.MULTILINE)
    headings = re.findall(r"^## [一二三四五六七八]、([^（\n]+)", text, re.MULTILINE)

    assert [(int(number), label) for number, label in told] == page
    assert headings == chapters


def test_an_older_store_takes_over_what_is_missing_and_keeps_what_it_changed(client, store):
    admin = make_user("admin", store, Role.SYSTEM_ADMINISTRATOR)
    client.force_login(admin)
    for model, which in (
        (Script, {"kind__in": ["ssi_first", "ssi_second", "ssi_lost"]}),
        (MessageTemplate, {"key": "survey"}),
        (GuideAction, {}),
    ):
        model.objects.filter(store=store, **which).delete()
    Script.objects.filter(store=store, kind="birthday").update(text="生日快乐")
    models = SurveyModel.objects.filter(store=store).count()
    assert "补齐预置内容" in client.get(reverse("desk:setup")).content.decode()

    for _twice in range(2):
        answer = client.post(reverse("desk:setup-supply"))
        assert answer.url == reverse("desk:setup")

    mine = Script.objects.filter(store=store)
    assert mine.filter(kind__startswith="ssi_").count() == 3
    assert mine.get(kind="birthday").text == "生日快乐"
    assert MessageTemplate.objects.filter(store=store, key="survey").count() == 1
    assert SurveyModel.objects.filter(store=store).count() == models
    assert "补齐预置内容" not in client.get(reverse("desk:setup")).content.decode()


def test_an_administrator_is_reminded_at_home_and_others_are_not(client, store, manager):
    client.force_login(make_user("admin", store, Role.SYSTEM_ADMINISTRATOR))
    assert reverse("desk:setup") in client.get("/").content.decode()
    page = client.get(reverse("desk:setup")).content.decode()
    assert "还没有人担任这个岗位" in page

    client.force_login(manager)
    assert client.get(reverse("desk:setup")).status_code == 403


def test_the_steps_count_the_rows_of_ones_own_store(client, store, stranger):
    client.force_login(make_user("admin", store, Role.SYSTEM_ADMINISTRATOR))

    people = lines_of(client)["人员与岗位"]

    assert people.state.have.endswith(" 1 人")
    assert str(Role.CARE_MANAGER.label) in people.state.lacks


@pytest.mark.parametrize("code, username", [("NONE", "admin"), ("S1", "TAKEN")])
def test_an_administrator_for_no_store_or_by_a_taken_name_is_refused(store, code, username):
    make_user("taken", store)

    with pytest.raises((SystemExit, CommandError)):
        call_command("add_administrator", code, username, stderr=StringIO())

    assert list(User.objects.values_list("username", flat=True)) == ["taken"]
