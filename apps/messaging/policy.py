"""The rules of the outbox as plain values: no database, no clock."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import time, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import Refused
from apps.customers.choices import Purpose

# Then who was sending is gone. With a tick a minute a person sees it within 5 minutes.
STALE_AFTER = timedelta(minutes=3)
ASK_FOR = timedelta(hours=24)  # a provider that does not say is asked for so long
GIVE_UP_AFTER = timedelta(hours=24)  # a provider that cannot be reached is tried for so long
TRY_AGAIN_IN = timedelta(minutes=5)
OPT_OUT = "退订"  # a marketing text must say how to refuse (CARE-29)


class Placeholder(NamedTuple):
    """What may stand in braces in a text: its meaning, a sample, and the word when unknown."""

    label: Any  # lazily translated
    sample: str
    unknown: str = ""


# Texts go to customers, so samples and stand-ins are Chinese whatever the page's language.
PLACEHOLDERS = {
    "name": Placeholder(gettext_lazy("customer's name"), "张三丰", "客户"),
    "title": Placeholder(gettext_lazy("Mr or Ms"), "先生"),
    "store": Placeholder(gettext_lazy("store"), "演示店", "本店"),
    "model": Placeholder(gettext_lazy("car model"), "英朗"),
    "plate": Placeholder(gettext_lazy("plate"), "沪A12345"),
    "date": Placeholder(gettext_lazy("day it is about"), "2026年12月18日", "近期"),
    "time": Placeholder(gettext_lazy("time of the appointment"), "14:00"),
    "link": Placeholder(
        gettext_lazy("address of the customer's own page: his appointment, or his survey"),
        "https://dms.example.com/service/my/?a=…",
    ),
    "km": Placeholder(gettext_lazy("mileage it is about"), "5000", "手册规定的"),
    "bring": Placeholder(gettext_lazy("what to bring"), "保养手册和行驶证", "保养手册和行驶证"),
}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(text: str, values: dict[str, str]) -> str:
    """``text`` with its placeholders filled; what is not known gets a neutral word."""
    words = words_of(text, values)
    return _PLACEHOLDER.sub(lambda match: words[match[1]], text)


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """``text`` in its parts, each with whether it is the name of a placeholder."""
    for number, part in enumerate(_PLACEHOLDER.split(text)):
        if part:
            yield part, number % 2 == 1


def words_of(text: str, values: dict[str, str]) -> dict[str, str]:
    """What stands in place of each placeholder of ``text``."""
    names = _PLACEHOLDER.findall(text)
    return {name: values.get(name) or PLACEHOLDERS[name].unknown for name in names}


def sample(text: str) -> str:
    """``text`` as a sample customer would get it. Refused like ``check_text``."""
    check_text(text)
    return fill(text, {name: placeholder.sample for name, placeholder in PLACEHOLDERS.items()})


def check_placeholders(text: str, known: Collection[str]) -> None:
    """Refuse a text with a placeholder that nobody can fill, or a brace without partner."""
    unknown = [f"{{{name}}}" for name in _PLACEHOLDER.findall(text) if name not in known]
    if unknown:
        raise Refused(
            _("%(names)s is not a placeholder. Use one of the list.") % {"names": " ".join(unknown)}
        )
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        raise Refused(_("A brace { or } has no partner. Write placeholders as {name}."))


def check_text(text: str, purpose: str = Purpose.SERVICE) -> None:
    """Refuse a text with a placeholder nobody can fill, or marketing without a way out."""
    check_placeholders(text, PLACEHOLDERS)
    if purpose == Purpose.MARKETING and OPT_OUT not in text:
        raise Refused(_("A marketing text must say how to refuse, for example 回复R退订."))


REFUSALS = {"T", "TD", "R", "TUIDING", "STOP", "UNSUBSCRIBE"}
REFUSALS |= {
    "退订",
    "退",
    "R退订",
    "T退订",
    "TD退订",
    "拒收",
    "取消订阅",
    "不要再发",
    "不要再发了",
    "别再发了",
    "别发了",
}


def refuses(reply: str) -> bool:
    """Whether an SMS reply says no more messages, and nothing else (CARE-29)."""
    plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", reply)).upper()
    for polite in ("回复", "请", "谢谢", "谢", "短信", "信息"):
        plain = plain.replace(polite, "")
    return plain in REFUSALS


def is_quiet(clock: time, quiet_from: time, quiet_until: time) -> bool:
    """Whether nothing may be sent at this local time: [from, until), over midnight too (CARE-06).

    The same time twice means no quiet hours.
    """
    if quiet_from <= quiet_until:
        return quiet_from <= clock < quiet_until
    return clock >= quiet_from or clock < quiet_until


def may_write(purpose: str, *, refuses_service: bool, accepts_marketing: bool) -> bool:
    """Whether the customer's word allows a message of this purpose (CARE-29, SEC-02)."""
    if purpose == Purpose.MARKETING:
        return accepts_marketing
    return not refuses_service
