"""What is read out of a name: its pinyin initials, which the search box takes for it (CUS-05),
and the surname."""

import unicodedata

from pypinyin import Style, lazy_pinyin

LENGTH = 40
# Characters that a surname reads otherwise than the word: 单 Shàn, not dān.
SURNAMES = dict(zip("单仇解查区曾覃种秘员乐重缪朴盖", "sqxzozqcbyycmpg", strict=True))
SURNAMES_OF_TWO = {"尉迟": "yc", "万俟": "mq", "长孙": "zs", "澹台": "tt", "单于": "cy"}
TWO_CHARACTERS = {*SURNAMES_OF_TWO, "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "慕容", "公孙"}
TWO_CHARACTERS |= {"司徒", "令狐", "夏侯", "宇文", "端木", "百里", "南宫", "西门", "独孤", "闻人"}
LONGEST_PERSON = 4  # longer ones are companies, whose first character is no surname


def initials(name: str) -> str:
    """``zsf`` for 张三丰, ``szx`` for 单志新; letters and digits stay, lower-cased."""
    text = "".join(unicodedata.normalize("NFKC", name).split()).lower()
    start = ""
    if 1 < len(text) <= LONGEST_PERSON:
        start = SURNAMES_OF_TWO.get(text[:2]) or SURNAMES.get(text[:1], "")
    rest = text[len(start) :]
    letters = (part[:1] if _chinese(char) else char for char, part in _read(rest))
    return "".join(c for c in start + "".join(letters) if c.isalnum())[:LENGTH]


def surname(name: str) -> str:
    """张 of 张三丰, 欧阳 of 欧阳娜娜, Smith of John Smith; empty for what is no person's name."""
    text = " ".join(unicodedata.normalize("NFKC", name).split())
    if not text or not _chinese(text[0]):
        words = text.split(" ")
        return words[-1] if len(words) > 1 else text[:1]
    if len(text) > LONGEST_PERSON and "·" not in text:
        return ""
    double = text[:2] in TWO_CHARACTERS and len(text) > 2
    return text[:2] if double else text[0]


def _read(text: str) -> list[tuple[str, str]]:
    """Each character with its reading in this place: whole words are read as words."""
    readings: list[str] = lazy_pinyin(text, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    return list(zip(text, readings, strict=True)) if len(readings) == len(text) else []


def _chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
