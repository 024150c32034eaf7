"""The booking panel of the call screen (CARE-10)."""

from datetime import datetime
from typing import Any

from apps.care import wording
from apps.care.models import Call
from apps.care.visit_form import CALL_FORM, VisitForm
from apps.service.views.booking import times_of

CAR = ("store", "vehicle", "customer")


def typed(post: Any) -> dict[str, Any]:
    """What stood in the call's form, to be shown again."""
    several = {name: post.getlist(name) for name in ("ticks", "operations")}
    return {**post.dict(), **several}


def about_booking(call: Call, asked: Any, now: datetime) -> dict[str, Any]:
    """Work, symptoms and the free times for what was chosen so far."""
    visit = VisitForm(initial=typed(asked), call=call, now=now)
    context = times_of(call.store, asked, now)
    context |= {
        "call": call,
        "visit": visit,
        "of_form": CALL_FORM,
        "expected": list(visit.fields["there"].queryset),  # type: ignore[attr-defined]
        "chosen_there": asked.get("there", ""),
    }
    if call.proactive:
        context["why_early"] = wording.why(call)
    return context
