"""What makes an answer doubtful (SSI-10): marks for a person to look at, never a verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.ssi.choices import Mark
from apps.ssi.policy.intervals import FEWEST
from apps.ssi.policy.score import HIGHEST

FEWEST_TENS = 5  # so many answers, all of them tens, are more than a short survey's luck
NOTABLE = 2  # points between a first answer and the same asked again


def marks_of(
    values: Iterable[int | None],
    texts: Sequence[str],
    *,
    spoken_seconds: int,
    signs_a_second: int,
    interviewed: bool,
    changed: bool = False,
) -> list[Mark]:
    """The marks of one finished response, in the order of ``Mark``.

    ``values``: every answer, None for *does not apply*. ``texts``: what was read to the customer,
    questions and standards. ``interviewed``: False when the customer answered by himself; nobody
    read to him, so no time is too short. ``changed``: an answer was changed after it was finished.
    """
    found = []
    if is_nothing_but_tens(values):
        found.append(Mark.STRAIGHT_TENS)
    if interviewed and spoken_seconds * signs_a_second < signs(texts):
        found.append(Mark.TOO_SHORT)
    if changed:
        found.append(Mark.CHANGED)
    return found


def is_nothing_but_tens(values: Iterable[int | None]) -> bool:
    """Every answered question is a ten, and there are enough of them to wonder."""
    given = [value for value in values if value is not None]
    return len(given) >= FEWEST_TENS and set(given) == {HIGHEST}


def signs(texts: Iterable[str]) -> int:
    """The characters that are read aloud: not spaces, not punctuation."""
    return sum(sign.isalnum() for text in texts for sign in text)


@dataclass(frozen=True)
class Asked:
    """The answers that one interviewer brought by one survey model: how many, and their mean."""

    number: int
    total: Decimal

    @property
    def mean(self) -> Decimal | None:
        return self.total / self.number if self.number else None


def above_the_others(one: Asked, others: Iterable[Asked]) -> Decimal | None:
    """By how many points the mean of ``one`` is above that of all answers of the others together.

    None: one side has fewer than ``FEWEST`` answers, so nothing is said.
    """
    rest = list(others)
    them = Asked(sum(row.number for row in rest), sum((row.total for row in rest), Decimal(0)))
    if one.mean is None or them.mean is None or min(one.number, them.number) < FEWEST:
        return None
    return one.mean - them.mean


def notable(first: int | None, again: int | None) -> bool:
    """Whether a customer who is asked again says something else: a point up or down is mood."""
    return first is not None and again is not None and abs(first - again) >= NOTABLE
