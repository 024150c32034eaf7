"""Competitors of a model as they are typed: one a line, its parts between bars (REC-04)."""

from typing import NamedTuple

from django.utils.translation import gettext as _

MOST = 12


class Rival(NamedTuple):
    """One competitor: what it is, what it costs, where ours and where it is better."""

    name: str
    price: str
    ours: str
    theirs: str


def rivals(text: str) -> list[Rival]:
    """The lines of ``text``; empty ones are passed over.

    ValueError, with a sentence: a line without a name, with more than four parts, too many lines.
    """
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        if len(parts) > 4 or not parts[0]:
            raise ValueError(
                _("“%(line)s”: write name | price | where we are better | where it is better.")
                % {"line": line[:40]}
            )
        found.append(Rival(*parts, *[""] * (4 - len(parts))))
    if len(found) > MOST:
        raise ValueError(_("At most %(most)s competitors.") % {"most": MOST})
    return found


def points(text: str) -> list[str]:
    """The lines of ``text`` without empty ones: the selling points."""
    return [line.strip() for line in text.splitlines() if line.strip()]
