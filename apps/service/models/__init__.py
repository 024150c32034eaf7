"""The workshop: what it can do, what is booked, what was done."""

from apps.service.models.appointment import (
    Appointment,
    AppointmentPart,
    AppointmentWork,
    Waiting,
)
from apps.service.models.capacity import Bay, BayClosure, Capacity, ServiceDay, Technician
from apps.service.models.catalogue import Operation, OperationPart, Part, PartSupply
from apps.service.models.check_in import CheckIn, Mark, Photo
from apps.service.models.order_lines import (
    QualityCheck,
    RepairPart,
    RepairWork,
    StageChange,
)
from apps.service.models.registers import Overnight, Rescue
from apps.service.models.repair_order import RepairOrder

__all__ = [
    "Appointment",
    "AppointmentPart",
    "AppointmentWork",
    "Bay",
    "BayClosure",
    "Capacity",
    "CheckIn",
    "Mark",
    "Operation",
    "OperationPart",
    "Overnight",
    "Part",
    "PartSupply",
    "Photo",
    "QualityCheck",
    "RepairOrder",
    "RepairPart",
    "RepairWork",
    "Rescue",
    "ServiceDay",
    "StageChange",
    "Technician",
    "Waiting",
]
