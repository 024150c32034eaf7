"""The archive 客户档案/车辆档案: customers, their numbers, their cars and mileage."""

from apps.customers.models.cars import Ownership, StopContact, Vehicle
from apps.customers.models.doubles import Duplicate, Merge
from apps.customers.models.gaps import ArchiveDay, Gap
from apps.customers.models.mileage import ElsewhereService, MaintenanceCycle, MileageReading
from apps.customers.models.people import (
    Consent,
    ConsentText,
    ContactNumber,
    Customer,
    NumberCorrection,
)
from apps.customers.models.rights import ErasedTable, Erasure, PrivacyPolicy, RightsRequest
from apps.customers.models.rules import CustomerPolicy, MaintenanceSchedule

__all__ = [
    "ArchiveDay",
    "Consent",
    "ConsentText",
    "ContactNumber",
    "Customer",
    "CustomerPolicy",
    "Duplicate",
    "ElsewhereService",
    "ErasedTable",
    "Erasure",
    "Gap",
    "MaintenanceCycle",
    "MaintenanceSchedule",
    "Merge",
    "MileageReading",
    "NumberCorrection",
    "Ownership",
    "PrivacyPolicy",
    "RightsRequest",
    "StopContact",
    "Vehicle",
]
