"""What is said of the points of an area, and the areas and points themselves (PEN-05)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import Department, Store
from apps.checklists.policy import Point as Written
from apps.checklists.policy import points as parsed
from apps.core.errors import Refused
from apps.core.pictures import read_picture
from apps.core.widgets import Day
from apps.penalties.actions.inspections import MOST_PHOTOS, Block, Look
from apps.penalties.queries.inspections import Point, people_of
from apps.ssi.policy.rooms import area_of

ACCEPT = "image/jpeg,image/png,image/webp"
LONGEST = 100  # a point with its area
MORE = 2  # empty blocks below the areas that are there


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos as ``read_picture`` gives them: a list, empty when none was taken."""

    widget = PhotosInput(attrs={"multiple": True, "accept": ACCEPT, "capture": "environment"})

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        files = [file for file in data or [] if file]
        if len(files) > MOST_PHOTOS:
            raise ValidationError(_("At most %(most)s photos of a point.") % {"most": MOST_PHOTOS})
        try:
            return [read_picture(super(PhotosField, self).clean(file)) for file in files]
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal


class LookForm(forms.Form):
    """The points of one area: in order or not, and what the not ones need."""

    def __init__(
        self, *args: Any, points: Sequence[Point], people: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        self.people = {person.pk: person for person in people}
        grouped = _by_department(people)
        for point in self.points:
            self._add(point, grouped)

    def _add(self, point: Point, grouped: list[Any]) -> None:
        pk, said, person = point.item.pk, point.answer, point.person
        done = None if said is None else "yes" if said.done else "no"
        again = point.first is not None and not point.first.done
        words = (
            (_("put right"), _("not put right")) if again else (_("in order"), _("not in order"))
        )
        self.fields[f"done-{pk}"] = forms.ChoiceField(
            label=point.text,
            choices=list(zip(("yes", "no"), words, strict=True)),
            initial=done,
            error_messages={"required": _("Say whether it is in order.")},
        )
        self.fields[f"person-{pk}"] = forms.TypedChoiceField(
            label=_("who answers for it"),
            required=False,
            choices=[("", "—"), *grouped],
            coerce=int,
            empty_value=None,
            initial=person.pk if person else None,
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields[f"remark-{pk}"] = forms.CharField(
            label=_("what is not in order"),
            required=False,
            max_length=100,
            initial=said.remark if said else "",
            widget=forms.TextInput(
                attrs={"class": "form-control", "placeholder": _("what is not in order")}
            ),
        )
        self.fields[f"photos-{pk}"] = PhotosField(label=_("photos"), required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for point in self.points:
            pk = point.item.pk
            if data.get(f"done-{pk}") != "no":
                continue
            if data.get(f"person-{pk}") is None and f"person-{pk}" not in self.errors:
                self.add_error(f"person-{pk}", _("Name who answers for what is not in order."))
            shown = data.get(f"remark-{pk}") or data.get(f"photos-{pk}")
            kept = point.answer is not None and point.answer.photos.all()
            if not shown and not kept and f"photos-{pk}" not in self.errors:
                self.add_error(f"remark-{pk}", _("Write or photograph what is not in order."))
        return data

    def rows(self) -> list[tuple[Any, ...]]:
        """(point, in order?, person, remark, photos)"""
        names = ("done", "person", "remark", "photos")
        return [
            (point, *(self[f"{name}-{point.item.pk}"] for name in names)) for point in self.points
        ]

    def looks(self) -> list[Look]:
        data = self.cleaned_data
        return [
            Look(
                pk,
                data[f"done-{pk}"] == "yes",
                self.people.get(data[f"person-{pk}"]),
                data[f"remark-{pk}"],
                data[f"photos-{pk}"],
            )
            for pk in (point.item.pk for point in self.points)
        ]


def _by_department(people: Sequence[Any]) -> list[Any]:
    grouped: dict[str, list[tuple[int, str]]] = {}
    for person in people:
        grouped.setdefault(str(person.department or _("no department")), []).append(
            (person.pk, str(person))
        )
    return list(grouped.items())


class AreasForm(forms.Form):
    """The areas with their departments and points, from a coming day on."""

    effective_from = forms.DateField(label=gettext_lazy("in force from"), widget=Day())

    def __init__(
        self, *args: Any, store: Store, areas: Sequence[dict[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        sent = len([name for name in self.data if name.startswith("name-")]) if self.data else 0
        self.count = max(len(areas) + MORE, sent)
        departments = Department.objects.filter(store=store).order_by("pk")
        people = people_of(store)
        for n in range(self.count):
            first = areas[n] if n < len(areas) else {}
            self.fields |= _block(n, first, departments, people)

    def blocks(self) -> list[tuple[Any, ...]]:
        names = ("name", "department", "person", "points")
        return [tuple(self[f"{name}-{n}"] for name in names) for n in range(self.count)]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        found = []
        for n in range(self.count):
            name, text = data.get(f"name-{n}", ""), data.get(f"points-{n}", "")
            department = data.get(f"department-{n}")
            if not name and not text:
                continue
            if not name or area_of(f"{name}：x")[0] != name:
                self.add_error(f"name-{n}", _("Name the area, without a colon."))
            elif department is None:
                self.add_error(f"department-{n}", _("Choose the department of the area."))
            else:
                points = self._points(n, name)
                found.append(Block(name, department, data.get(f"person-{n}"), points))
        if not found and not self.errors:
            self.add_error("name-0", _("Write at least one area."))
        data["blocks"] = found
        return data

    def _points(self, n: int, name: str) -> list[Written]:
        try:
            found = parsed(self.cleaned_data.get(f"points-{n}", ""))
        except ValueError as wrong:
            self.add_error(f"points-{n}", str(wrong))
            return []
        if any(len(name) + 1 + len(point.text) > LONGEST for point in found):
            self.add_error(f"points-{n}", _("A point is too long. Say it shorter."))
        return found


def _block(n: int, first: dict[str, Any], departments: Any, people: Any) -> dict[str, Any]:
    control, select = {"class": "form-control"}, {"class": "form-select"}
    return {
        f"name-{n}": forms.CharField(
            label=_("area"),
            max_length=30,
            required=False,
            initial=first.get("name", ""),
            widget=forms.TextInput(attrs=control),
        ),
        f"department-{n}": forms.ModelChoiceField(
            departments,
            label=_("department"),
            required=False,
            empty_label="—",
            initial=first.get("department"),
            widget=forms.Select(attrs=select),
        ),
        f"person-{n}": forms.ModelChoiceField(
            people,
            label=_("responsible"),
            required=False,
            empty_label=_("named in the check"),
            initial=first.get("person"),
            widget=forms.Select(attrs=select),
        ),
        f"points-{n}": forms.CharField(
            label=_("points, one a line"),
            max_length=3000,
            required=False,
            initial=first.get("points", ""),
            widget=forms.Textarea(attrs=control | {"rows": 4}),
        ),
    }
