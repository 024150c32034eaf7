"""The entries of the menu for the index of sales satisfaction and the quick response (SSI)."""

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.desk.entry import Entry, of_complaints
from apps.desk.waiting import my_recalls, my_responses

SCORES, ASKS = ("ssi.view_scores",), ("ssi.ask",)
RESPONSES = ("complaints.view_response",)

INDEX: tuple[tuple[Entry, ...], ...] = (
    (
        Entry("ssi:day", "checkup-list", gettext_lazy("My day"), ASKS),
        Entry(
            "ssi:sheet",
            "clipboard-text",
            gettext_lazy("SSI day sheet"),
            (*ASKS, *SCORES),
            covers=("ssi:survey", "ssi:responses", "ssi:response", "ssi:response-correct"),
        ),
        Entry(
            "complaints:board",
            "urgent",
            gettext_lazy("Quick responses"),
            RESPONSES,
            my_responses,
            covers=of_complaints("response response-list response-new causes"),
            mine=True,
        ),
        Entry("ssi:scores", "gauge", pgettext_lazy("menu", "SSI"), SCORES),
        Entry(
            "ssi:recalls",
            "phone-check",
            gettext_lazy("Re-calls"),
            ("ssi.view_honesty",),
            my_recalls,
            covers=("ssi:recall", "ssi:honesty"),
            mine=True,
        ),
        Entry(
            "ssi:guide",
            "bulb",
            gettext_lazy("Action guide"),
            ("ssi.view_guide",),
            covers=("ssi:guide-new", "ssi:guide-edit"),
        ),
        Entry(
            "ssi:room-list",
            "sparkles",
            gettext_lazy("5S and showroom"),
            ("ssi.view_rooms",),
            covers=(
                *("ssi:room-check", "ssi:room-points", "penalties:fives-check"),
                *("penalties:fives-area", "penalties:fives-areas"),
                *("penalties:fives-weak", "penalties:fives-rows"),
            ),
        ),
        Entry(
            "ssi:models",
            "scale",
            gettext_lazy("Survey models"),
            ("ssi.view_model",),
            covers=(
                *("ssi:model", "ssi:model-edit", "ssi:model-print"),
                *("ssi:numbers", "ssi:numbers-new"),
                *("ssi:official", "ssi:official-new", "ssi:official-edit"),
            ),
        ),
    ),
)
