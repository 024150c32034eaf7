"""The holidays that are greeted, and what is written by itself for them and for the weather.

Texts go to customers, so they are Chinese whatever the page's language.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays
from lunardate import LunarDate

from apps.care.campaign_choices import WarningLevel, Weather

GREETED_BEFORE = 7  # days before a holiday its draft is there (CARE-06)
_HEAD, _END = "【{store}】{name}{title}：", "回复R退订"
# Public holidays, found by their name on their first day.
PUBLIC = {
    "元旦": "新年第一天，祝您和家人新年快乐，出入平安！",
    "春节": "给您拜年了！祝您阖家团圆，新春大吉，一路平安！",
    "清明节": "清明出行车多，请注意行车安全，出发前记得检查胎压和制动。",
    "劳动节": "劳动节快乐！假期自驾出行，出发前欢迎到店做一次免费检查。",
    "端午节": "端午安康！祝您和家人假期愉快，平安出行。",
    "中秋节": "中秋佳节，祝您阖家团圆，幸福安康！",
    "国庆节": "国庆节快乐！长假出行，出发前欢迎到店做一次免费检查。",
}
LUNAR = {
    ("元宵节", 1, 15): "元宵节快乐！祝您和家人团团圆圆，万事如意！",
    ("重阳节", 9, 9): "重阳佳节，祝您和家中长辈健康长寿，登高望远！",
}
WEATHER = {
    Weather.TYPHOON: ("台风", "请尽量不要外出，车辆勿停在树下、广告牌下和低洼处。"),
    Weather.RAIN: ("暴雨", "涉水路段请勿强行通过，车辆熄火后切勿再次启动。"),
    Weather.SNOW: ("暴雪", "路面湿滑，请降低车速、保持车距，出行前检查轮胎和防冻液。"),
    Weather.COLD: ("寒潮", "请检查防冻液、电瓶和玻璃水，早晨起步请先热车。"),
    Weather.WIND: ("大风", "请低速行驶、握紧方向盘，车辆勿停在树下和广告牌下。"),
    Weather.HEAT: ("高温", "请检查胎压和冷却液，车内请勿放置打火机等易燃物品。"),
    Weather.FOG: ("大雾", "请打开雾灯和近光灯，降低车速，不要超车。"),
    Weather.HAIL: ("冰雹", "请把车辆停入室内或有遮挡的地方，行驶中请避让。"),
    Weather.ICE: ("道路结冰", "请缓慢起步、轻踩制动，桥面和弯道格外小心。"),
}
LEVELS = {
    WarningLevel.BLUE: "蓝色",
    WarningLevel.YELLOW: "黄色",
    WarningLevel.ORANGE: "橙色",
    WarningLevel.RED: "红色",
}


class Occasion(NamedTuple):
    """What is written by itself; ``key`` is its own for ever."""

    key: str
    name: str
    on: date
    text: str


def holidays_from(first: date, until: date) -> list[Occasion]:
    """The holidays of these days, lunar ones too, in their order."""
    years = range(first.year, until.year + 1)
    found = [one for year in years for one in _of_year(year) if first <= one.on <= until]
    return sorted(found, key=lambda one: one.on)


@cache
def _of_year(year: int) -> tuple[Occasion, ...]:
    return tuple(_written(year))


def _written(year: int) -> Iterator[Occasion]:
    days = holidays.country_holidays("CN", years=year, language="zh_CN")
    for name, text in PUBLIC.items():
        if named := [on for on, names in days.items() if name in names.split("; ")]:
            yield _greeting(name, min(named), text)
    for (name, month, day), text in LUNAR.items():
        # of the lunar year that begins in this one: both lie within it
        yield _greeting(name, LunarDate(year, month, day).to_solar_date(), text)


def _greeting(name: str, on: date, text: str) -> Occasion:
    return Occasion(f"holiday/{name}/{on.year}", f"{name}问候", on, f"{_HEAD}{text}{_END}")


def weather_notice(city: str, kind: Weather, level: WarningLevel, on: date) -> Occasion:
    """The notice of one warning of one day."""
    name, advice = WEATHER[kind]
    warning = f"{name}{LEVELS[level]}预警"
    where = f"{city}{on.month}月{on.day}日"
    text = f"{_HEAD}{where}发布{warning}，{advice}{_END}"
    return Occasion(
        f"weather/{city}/{kind.value}/{level.value}/{on}", f"{city} {warning}", on, text
    )


def greeted_until(day: date) -> date:
    return day + timedelta(days=GREETED_BEFORE)
