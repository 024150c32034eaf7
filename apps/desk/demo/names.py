"""Made-up customers: names, companies, phones, birthdays, addresses."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lunardate import LunarDate

from apps.core.dates import add_months

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许邓韩冯曹彭萧"
    "蔡潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔陆廖姚方金邱夏谭"
    "韦贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪"
    "龚"
)
MALE = "伟强磊军勇杰涛明超刚平辉健俊峰鹏飞宇浩凯斌波宁志建国华东海林宏亮文博瑞晨阳昊然泽轩"
FEMALE = "芳娜敏静丽艳娟霞秀燕玲桂英红梅兰婷雪慧莉琳颖倩佳欣怡雨萱梦洁琪璐瑶月媛彤馨蕾"
COMPANY_WORDS = "恒瑞宏达信诚联盛鼎新远航嘉禾锦程启明泰和汇丰久安腾云博远"
TRADES = ("贸易", "物流", "建筑工程", "电子科技", "食品", "机械设备", "装饰设计", "文化传媒")
LOCAL_ROADS = ("浦东大道", "世纪大道", "张杨路", "杨高中路", "龙阳路", "沪南路", "川沙路", "金科路")
OTHER_PLACES = ("江苏省苏州市", "江苏省南通市", "浙江省嘉兴市", "浙江省杭州市", "安徽省合肥市")
SLOTS = ("morning", "afternoon", "late")
PHONES = 100_000_000  # the numbers that begin with 199


@dataclass(slots=True)
class Person:
    """A made-up customer, person or company."""

    kind: str
    name: str
    gender: str
    phone: str
    landline: str
    email: str
    contact_name: str
    birthday: date | None
    lunar_mmdd: int | None
    address: str
    local: bool
    channel: str
    slot: str
    refuses: bool
    marketing: bool
    bad_number: bool  # the number was found empty and waits to be corrected


def formerly(phone: str) -> str:
    """Another number of the same customer: 198 instead of 199, so nobody else's either."""
    return f"198{phone[3:]}"


def phone_of(number: int, seed: int) -> str:
    """The mobile number of the ``number``-th customer: 199…, never the same twice in a store."""
    return f"199{(number * 38_119_937 + seed * 7_477_741) % PHONES:08d}"


def full_name(rnd: Random, female: bool) -> str:
    letters = FEMALE if female else MALE
    given = rnd.choice(letters) + (rnd.choice(letters) if rnd.random() < 0.72 else "")
    return rnd.choice(SURNAMES) + given


def person(rnd: Random, number: int, seed: int, today: date) -> Person:
    """The ``number``-th customer of the store, counted from 0."""
    company, local = rnd.random() < 0.06, rnd.random() < 0.82
    female = rnd.random() < 0.38
    name = full_name(rnd, female)
    birthday = None if company or rnd.random() > 0.86 else _birthday(rnd, number, today)
    lunar = birthday is not None and number % 13 == 5
    roll = rnd.random()
    return Person(
        kind="company" if company else "person",
        name=_company(rnd, local) if company else name,
        gender="unknown" if company else "female" if female else "male",
        phone=phone_of(number, seed),
        landline=f"021{rnd.randrange(50_000_000, 69_999_999)}" if company else "",
        email=f"demo{number}@example.com" if rnd.random() < 0.27 else "",
        contact_name=name if company else "",
        birthday=birthday,
        lunar_mmdd=_lunar_mmdd(birthday) if birthday and lunar else None,
        address=_address(rnd, local),
        local=local,
        channel="sms" if roll < 0.04 else "phone" if roll < 0.2 else "",
        slot=rnd.choice(SLOTS) if rnd.random() < 0.12 else "",
        refuses=rnd.random() < 0.004,
        marketing=rnd.random() < 0.44,
        bad_number=rnd.random() < 0.006,
    )


def _birthday(rnd: Random, number: int, today: date) -> date:
    """A day of birth; among the first customers somebody always has a birthday today."""
    born = date(today.year - rnd.randint(22, 68), 1, 1) + timedelta(days=rnd.randrange(365))
    if number in (3, 7, 11):
        return add_months(today, -12 * rnd.randint(25, 60))
    return born


def _lunar_mmdd(day: date) -> int:
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    return int(lunar.month * 100 + lunar.day)


def _company(rnd: Random, local: bool) -> str:
    place = "上海" if local else rnd.choice(("苏州", "嘉兴", "南通"))
    word = "".join(rnd.sample(COMPANY_WORDS, 2))
    return f"{place}{word}{rnd.choice(TRADES)}有限公司"


def _address(rnd: Random, local: bool) -> str:
    if rnd.random() < 0.2:
        return ""
    if local:
        return f"上海市浦东新区{rnd.choice(LOCAL_ROADS)}{rnd.randint(1, 1999)}号"
    return f"{rnd.choice(OTHER_PLACES)}演示路{rnd.randint(1, 399)}号"
