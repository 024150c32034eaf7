"""The words of the organization: roles, departments, slots, kinds of day (ORG)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """ORG-01. A person may hold several."""

    RECEPTIONIST = "receptionist", _("receptionist")
    SALES_CONSULTANT = "sales_consultant", _("sales consultant")
    SALES_MANAGER = "sales_manager", _("sales manager")
    SERVICE_ADVISOR = "service_advisor", _("service advisor")
    SERVICE_SUPERVISOR = "service_supervisor", _("service reception supervisor")
    SERVICE_MANAGER = "service_manager", _("service manager")
    WORKSHOP = "workshop", _("workshop controller or technician")
    CARE_SPECIALIST = "care_specialist", _("care specialist")
    CARE_MANAGER = "care_manager", _("care manager")
    INSURANCE_SPECIALIST = "insurance_specialist", _("insurance specialist")
    ADMINISTRATION = "administration", _("administration office")
    GENERAL_MANAGER = "general_manager", _("general manager")
    GROUP_MANAGER = "group_manager", _("group manager")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("system administrator")


class DepartmentKind(models.TextChoices):
    SALES = "sales", _("sales department")
    SERVICE = "service", _("service department")
    CARE = "care", _("care department")
    INSURANCE = "insurance", _("insurance department")
    FINANCE = "finance", _("finance department")
    ADMINISTRATION = "administration", _("administration department")


class Slot(models.TextChoices):
    """ORG-05: the call time slots, in the order of the day."""

    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")
    LATE = "late", _("late afternoon")


class DayKind(models.TextChoices):
    """What a person says of one day of the store's calendar; it goes before the public calendar."""

    WORKING = "working", _("working day")
    WEEKEND_DUTY = "weekend_duty", _("open on duty")
    CLOSED = "closed", _("closed")
