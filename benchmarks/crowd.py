"""What ``pages`` is measured on: an archive of people with names as frequent as in life."""

from datetime import date

from django.db import connection

from apps.accounts.choices import Role
from apps.accounts.models import Store, User
from apps.customers.naming import initials
from benchmarks import common

TODAY = date(2026, 11, 23)
READ = 300  # stores that the group manager reads: the last ones
# The first ones are the frequent ones, as in life: every eighth person is a 王.
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭萧蔡潘袁于董余苏"
GIVEN = "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超秀霞平刚桂英华文建国玉兰红梅春海燕晓志鹏云飞浩"
TABLES = (
    *("customers_customer", "customers_contactnumber", "customers_vehicle", "care_call"),
    *("care_attempt", "service_repairorder", "messaging_message"),
)


def seed(count: int, stores: int) -> None:
    """Each customer has a number, a car, two visits, an ended call with its dialling and every
    fifth an open one; every fourth a message. Stores lie one behind the other."""
    Store.objects.bulk_create(
        Store(code=f"B{n:04}", name=f"基准店{n}", city="上海") for n in range(stores)
    )
    ids = list(Store.objects.order_by("pk").values_list("pk", flat=True))
    home = ids[len(ids) // 2]
    for who, role in (("manager", Role.CARE_MANAGER), ("group", Role.GROUP_MANAGER)):
        person = User.objects.create(username=who, name=who, store_id=home, roles=[role])
        if who == "group":
            person.reads.set(ids[-READ:])
    by = str(User.objects.get(username="manager").pk)
    store = f"({ids[0]} + (n - 1) * {stores} / {count})"
    with common.seeding(), common.without_indexes(*TABLES):
        _people(count, store)
        _lives(count, store, by)
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {4 * count})")


def _letters(text: str) -> str:
    return "ARRAY[" + ",".join(f"'{letter}'" for letter in text) + "]"


def _people(count: int, store: str) -> None:
    """Names and numbers follow from n, skewed: the square of an even share."""

    def pick(salt: str, of: int) -> str:
        even = f"(abs(hashint8extended(n, {salt}) % 1000000) / 1000000.0)"
        return f"[1 + ({even} * {even} * {of})::int % {of}]"

    family, first, second = pick("1", len(SURNAMES)), pick("2", len(GIVEN)), pick("3", len(GIVEN))

    def spelt(surnames: str, given: str) -> str:
        second_one = f"CASE WHEN n % 4 > 0 THEN ({_letters(given)}){second} ELSE '' END"
        return f"({_letters(surnames)}){family} || ({_letters(given)}){first} || {second_one}"

    short = ["".join(map(initials, text)) for text in (SURNAMES, GIVEN)]
    phone = "'1' || (30 + n % 70) || lpad((n::bigint * 7919 % 100000000)::text, 8, '0')"
    common.insert_series(
        "customers_customer",
        count,
        id="n",
        store_id=store,
        name=spelt(SURNAMES, GIVEN),
        initials=spelt(*short),
        main_phone=phone,
        reachable="n % 20 > 0",
        locality="CASE WHEN n % 3 = 0 THEN 'non_local' ELSE 'local' END",
    )
    common.insert_series(
        "customers_contactnumber",
        count,
        store_id=store,
        customer_id="n",
        number=phone,
        kind="'mobile'",
    )
    due = f"date '{TODAY}' + (n % 400)::int - 100"
    common.insert_series(
        "customers_vehicle",
        count,
        id="n",
        store_id=store,
        owner_id="n",
        vin="'LSG' || upper(substr(md5(n::text), 1, 8)) || lpad(n::text, 6, '0')",
        plate="(ARRAY['沪A','沪B','沪C','沪D','苏E','浙F'])[1 + n % 6]"
        " || upper(substr(md5((-n)::text), 1, 5))",
        model="'英朗'",
        sold_here="true",
        delivered_on=f"date '{TODAY}' - 200 - (n % 900)::int",
        maintenance_due_on=due,
        maintenance_opens_on=f"{due} - 30",
    )


def _lives(count: int, store: str, by: str) -> None:
    call = {
        "store_id": store,
        "customer_id": "n",
        "vehicle_id": "n",
        "kind": "'maintenance'",
        "slots_tried": "'{}'",
        "proof": "'{}'",
        "opens_on": f"date '{TODAY}' - 20",
        "created_on": f"date '{TODAY}' - 20",
        "owner_id": by,
    }
    day = f"date '{TODAY}' + (n % 60)::int - 30"
    ended = {"cycle": "'old'", "status": "'reached'", "result": "'will_come'"}
    ended |= {"due_on": day, "event_on": day, "ended_at": f"({day})::timestamptz"}
    common.insert_series("care_call", count, id="n", **call, **ended)
    common.insert_series(
        "care_attempt",
        count,
        store_id=store,
        call_id="n",
        conversation="gen_random_uuid()",
        at=f"({day})::timestamptz",
        slot="'morning'",
        counted="true",
        result="'will_come'",
        by_id=by,
        number="''",
        ticks="'{}'",
        note="''",
    )
    with connection.cursor() as cursor:
        names = {**call, "cycle": "'new'", "due_on": day, "event_on": day}
        cursor.execute(
            f"INSERT INTO care_call (id, {', '.join(names)}) SELECT {count} + n, "
            f"{', '.join(names.values())} FROM generate_series(1, {count}) AS n WHERE n % 5 = 0"
        )
    for number in (1, 2):
        common.insert_series(
            "service_repairorder",
            count,
            store_id=store,
            number=f"'W{number}-' || n",
            vehicle_id="n",
            kind="'maintenance'",
            out_on=f"date '{TODAY}' - {90 * number} - (n % 80)::int",
            km="5000 + n % 50000",
        )
    common.insert_series(
        "messaging_message",
        count // 4,
        store_id=store.replace("(n - 1)", "(4 * n - 1)"),
        customer_id="4 * n",
        channel="'sms'",
        purpose="'service'",
        key="'maintenance'",
        to="''",
        text="'您的爱车该保养了。'",
        dedupe_key="n::text",
        reference="gen_random_uuid()",
        status="'sent'",
        not_before="now()",
        queued_at="now()",
        sent_at="now()",
    )
