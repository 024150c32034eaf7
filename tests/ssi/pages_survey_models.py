"""The access table of survey models."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.choices import Role
from apps.ssi.actions.survey_models import copy_model, start_model
from apps.ssi.models import SurveyModel
from tests.access import Page

CHANGES = {Role.CARE_MANAGER, Role.SYSTEM_ADMINISTRATOR}
SEES = CHANGES | {
    Role.CARE_SPECIALIST,
    Role.SALES_MANAGER,
    Role.GENERAL_MANAGER,
    Role.GROUP_MANAGER,
}


def in_use(store):
    return SurveyModel.objects.get(store=store, code="published_2023")


def draft(store):
    return copy_model(in_use(store))


def coming(store):
    today = timezone.localdate()
    return start_model(draft(store), today + timedelta(days=1), on=today)


PAGES = {
    "ssi:models": Page(roles=SEES),
    "ssi:models-supplied": Page("post", CHANGES),
    "ssi:model": Page(roles=SEES, make=in_use),
    "ssi:model-print": Page(roles=SEES, make=in_use),
    "ssi:model-copy": Page("post", CHANGES, in_use),
    "ssi:model-edit": Page(roles=CHANGES, make=draft),
    "ssi:model-start": Page("post", CHANGES, draft, {"effective_from": "2036-01-01"}),
    "ssi:model-withdraw": Page("post", CHANGES, coming),
    "ssi:model-delete": Page("post", CHANGES, draft),
}
