"""What is typed about survey models: the whole model on one page, and the day it begins."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.widgets import Day
from apps.ssi.models import SurveyModel
from apps.ssi.policy.draft import (
    MOST_FACTORS,
    MOST_QUESTIONS,
    MOST_STANDARDS,
    Content,
    FactorDraft,
    QuestionDraft,
    StandardDraft,
    faults_of,
    told_sum,
)
from apps.ssi.policy.score import WHOLE
from apps.ssi.supplied import equal_weights

NAME, TEXT = 40, 200  # characters


class HeadForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a model is called and where it is from."""

    class Meta:
        model = SurveyModel
        fields = ("name", "year", "origin")
        labels = {"name": gettext_lazy("name of the model")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].widget.attrs |= {"min": 1990, "max": 2100}

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 1990 <= year <= 2100:
            raise forms.ValidationError(_("Enter a year, as 2026."))
        return year


class StartForm(forms.Form):
    """The day from which the store asks by a model."""

    effective_from = forms.DateField(label=gettext_lazy("asked from"), widget=Day())


@dataclass
class Line:
    """One line of the editor as it was typed: a factor, a question or a standard."""

    name: str = ""  # of its fields: f0, f0-q1, s2
    code: str = ""
    text: str = ""
    weight: str = ""
    error: str = ""
    lines: list["Line"] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What is wrong with the sum of its questions."""
        return told_sum([number_of(line.weight) for line in self.lines])

    @property
    def sum(self) -> Decimal:
        return sum((number_of(line.weight) for line in self.lines), Decimal(0))


def number_of(typed: str) -> Decimal:
    """A weight as typed; 0 for what is none."""
    try:
        number = Decimal(typed.strip() or 0)
    except InvalidOperation:
        return Decimal(0)
    right = number.is_finite() and 0 < number <= WHOLE and number == round(number, 2)
    return number if right else Decimal(0)


class Editor:
    """All lines of a model. Structure is changed by ``act``, nothing is written here."""

    def __init__(self, factors: list[Line], standards: list[Line]) -> None:
        self.factors, self.standards = factors, standards
        self.faults: list[str] = []
        self.focus = ""  # the field that is typed in next
        self._name()

    @classmethod
    def of(cls, content: Content) -> "Editor":
        """As the model stands."""
        return cls(
            [
                Line(
                    "",
                    one.code,
                    one.name,
                    str(one.weight),
                    lines=[Line("", q.code, q.text, str(q.weight)) for q in one.questions],
                )
                for one in content.factors
            ],
            [Line("", one.code, one.text) for one in content.standards],
        )

    @classmethod
    def typed(cls, posted: Mapping[str, Any], now: Content) -> "Editor":
        """As it was typed; a code that the model ``now`` has not, or twice, is a new line's."""
        factors = []
        for line in _read(posted, "f", MOST_FACTORS, {one.code for one in now.factors}):
            known = {q.code for one in now.factors if one.code == line.code for q in one.questions}
            line.lines = _read(posted, f"{line.name}-q", MOST_QUESTIONS, known)
            factors.append(line)
        codes = {one.code for one in now.standards}
        return cls(factors, _read(posted, "s", MOST_STANDARDS, codes))

    def act(self, do: str) -> None:
        """Add, move, delete or weigh equally, as a button says: ``f0-q1:up``, ``s:add``."""
        where, _colon, verb = do.partition(":")
        lines, at = self._find(where)
        if verb == "add" and at is None and len(lines) < self._most(where):
            lines.append(Line())
            self._name()
            self.focus = lines[-1].name
        elif verb == "equal" and at is None and lines:
            for line, weight in zip(lines, equal_weights(len(lines)), strict=True):
                line.weight = str(weight)
        elif verb in ("up", "down") and at is not None:
            to = at + (1 if verb == "down" else -1)
            if 0 <= to < len(lines):
                lines[at], lines[to] = lines[to], lines[at]
                self._name()
                self.focus = lines[to].name
        elif verb == "delete" and at is not None:
            del lines[at]
            self._name()
            self.focus = lines[min(at, len(lines) - 1)].name if lines else ""

    def is_valid(self) -> bool:
        """Checks every line, then the sums (SSI-01)."""
        for factor in self.factors:
            _check(factor, NAME, weighed=True)
            for question in factor.lines:
                _check(question, TEXT, weighed=True)
        for standard in self.standards:
            _check(standard, TEXT, weighed=False)
        every = [*self.factors, *self.standards, *(q for f in self.factors for q in f.lines)]
        self.faults = [] if any(line.error for line in every) else faults_of(self.content())
        return not self.faults and not any(line.error for line in every)

    def content(self) -> Content:
        """What was typed, as values."""
        return Content(
            tuple(
                FactorDraft(
                    one.code,
                    one.text,
                    number_of(one.weight),
                    tuple(QuestionDraft(q.code, q.text, number_of(q.weight)) for q in one.lines),
                )
                for one in self.factors
            ),
            tuple(StandardDraft(one.code, one.text) for one in self.standards),
        )

    @property
    def whole(self) -> Line:
        """The factors as the lines of one: their sum is the index."""
        return Line("f", lines=self.factors)

    def _find(self, where: str) -> tuple[list[Line], int | None]:
        """The lines that ``where`` names, and the place in them of the one it names, if it does."""
        for group in ("f", "s"):
            lines = self.factors if group == "f" else self.standards
            if where == group:
                return lines, None
            for at, line in enumerate(lines):
                if where == line.name:
                    return lines, at
                if where == f"{line.name}-q":
                    return line.lines, None
                for place, inner in enumerate(line.lines):
                    if where == inner.name:
                        return line.lines, place
        return [], None

    def _most(self, where: str) -> int:
        return {"f": MOST_FACTORS, "s": MOST_STANDARDS}.get(where, MOST_QUESTIONS)

    def _name(self) -> None:
        for at, factor in enumerate(self.factors):
            factor.name = f"f{at}"
            for place, question in enumerate(factor.lines):
                question.name = f"f{at}-q{place}"
        for at, standard in enumerate(self.standards):
            standard.name = f"s{at}"


def _read(posted: Mapping[str, Any], group: str, most: int, known: Collection[str]) -> list[Line]:
    found: list[Line] = []
    for at in range(most):
        name = f"{group}{at}"
        if f"{name}-text" not in posted:
            break
        code = posted.get(f"{name}-code", "")
        if code not in known or any(line.code == code for line in found):
            code = ""
        text, weight = posted[f"{name}-text"].strip(), posted.get(f"{name}-weight", "").strip()
        found.append(Line(name, code, text, weight))
    return found


def _check(line: Line, most: int, *, weighed: bool) -> None:
    if not line.text:
        line.error = _("Enter a text.")
    elif len(line.text) > most:
        line.error = _("At most %(most)s characters.") % {"most": most}
    elif weighed and not number_of(line.weight):
        line.error = _("Enter a weight from 0.01 to 100 with at most two decimals.")
