"""Who may open which page of asking a survey."""

from apps.accounts.choices import Role
from apps.ssi.actions.responses import start
from tests.access import Page
from tests.factories import NOW
from tests.ssi.asked import a_held_call, questions_of
from tests.ssi.made import finished_response

ASKS = {Role.CARE_SPECIALIST, Role.CARE_MANAGER}
READS = ASKS | {Role.SALES_MANAGER, Role.GENERAL_MANAGER, Role.GROUP_MANAGER}


def a_begun(store):
    call = a_held_call(store)
    start(call, by=call.holder, now=NOW)
    return call


def a_question(store):
    call = a_begun(store)
    return call, questions_of(call.ssi_response)[0]


PAGES = {
    "ssi:survey": Page(roles=ASKS, make=a_begun),
    "ssi:survey-start": Page("post", ASKS, a_held_call),
    "ssi:survey-answer": Page("post", ASKS, a_question, {"value": "9"}),
    "ssi:survey-verify": Page("post", ASKS, a_begun),
    "ssi:survey-standards": Page("post", ASKS, a_begun),
    "ssi:survey-finish": Page("post", ASKS, a_begun),
    "ssi:link-send": Page("post", ASKS, a_held_call),
    "ssi:sheet": Page(roles=READS),
    "ssi:responses": Page(roles=READS),
    "ssi:response": Page(roles=READS, make=finished_response),
    "ssi:response-correct": Page(roles=ASKS, make=finished_response),
}
