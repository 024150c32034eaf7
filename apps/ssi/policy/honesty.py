"""What makes an answer doubtful (SSI-10): marks for a person to look at, never a verdict."""

from collections.abc import Iterable, Sequence

from apps.ssi.choices import Mark
from apps.ssi.policy.score import HIGHEST

FEWEST_TENS = 5  # so many answers, all of them tens, are more than a short survey's luck


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
