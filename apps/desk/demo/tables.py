"""The tables that the demo fills, with the columns in the order in which ``add`` wants them."""

from apps.care.models import Attempt, Call
from apps.customers.models import (
    Consent,
    ContactNumber,
    Customer,
    ElsewhereService,
    MileageReading,
    NumberCorrection,
    Ownership,
    StopContact,
    Vehicle,
)
from apps.delivery.models import Delivery
from apps.desk.demo.copying import Into
from apps.messaging.models import Message
from apps.service.models import RepairOrder

CUSTOMER = (
    *("id", "store_id", "kind", "name", "gender", "main_phone", "email", "contact_name"),
    *("birthday", "lunar_birth_mmdd", "address", "locality", "preferred_channel"),
    *("preferred_slot", "refuses_service", "accepts_marketing", "initials", "reachable"),
    *("created_at", "recorded_by_id"),
)
NUMBER = (
    *("id", "store_id", "customer_id", "number", "kind", "status", "region"),
    *("recorded_at", "marked_by_id", "marked_at", "recorded_by_id"),
)
CORRECTION = (
    *("store_id", "customer_id", "number_id", "department", "status", "asked_by_id", "asked_at"),
    *("done_by_id", "done_at", "found"),
)
VEHICLE = (
    *("id", "store_id", "owner_id", "vin", "plate", "brand", "model", "variant", "colour"),
    *("engine_number", "sold_here", "delivered_on", "registered_on", "warranty_months"),
    *("warranty_km", "insurer", "insured_until", "inspection_due_on", "fate"),
    *("first_visit_on", "last_visit_on", "last_maintenance_on", "in_workshop"),
    *("facts_until", "created_at", "recorded_by_id"),
)
CALL = (
    *("id", "store_id", "customer_id", "vehicle_id", "kind", "cycle", "event_on", "opens_on"),
    *("due_on", "created_on", "owner_id", "status", "attempts", "slots_tried", "day1_on"),
    *(
        "day2_on",
        "day3_on",
        "paused_on",
        "callback_at",
        "callback_for_id",
        "result",
        "not_returning",
        "measure",
        "end_reason",
        "ended_at",
    ),
    *("churn_group", "proof"),
)
ATTEMPT = (
    *("store_id", "call_id", "conversation", "at", "slot", "counted", "result", "by_id"),
    *("number", "ticks", "km", "agreed_on", "note", "script_id"),
)
MESSAGE = (
    *("store_id", "customer_id", "channel", "purpose", "key", "to", "text", "dedupe_key"),
    *("reference", "status", "not_before", "queued_at", "sending_at", "sent_at"),
)


class Tables:
    """Every table that is filled by COPY, parents before children."""

    def __init__(self) -> None:
        self.customers = Into(Customer, *CUSTOMER)
        self.numbers = Into(ContactNumber, *NUMBER)
        self.corrections = Into(NumberCorrection, *CORRECTION)
        self.consents = Into(
            Consent, *("store_id", "customer_id", "purpose", "state", "at", "source")
        )
        self.vehicles = Into(Vehicle, *VEHICLE)
        self.ownerships = Into(
            Ownership, *("store_id", "vehicle_id", "customer_id", "from_on", "until_on")
        )
        self.stops = Into(
            StopContact,
            *("store_id", "customer_id", "vehicle_id", "kind", "reason", "by_id", "at"),
        )
        self.deliveries = Into(
            Delivery, *("store_id", "vehicle_id", "customer_id", "delivered_on", "consultant")
        )
        self.visits = Into(
            RepairOrder,
            *("store_id", "number", "vehicle_id", "kind", "in_on", "out_on", "km", "amount"),
            "advisor",
        )
        self.readings = Into(MileageReading, *("store_id", "vehicle_id", "on", "km", "source"))
        self.elsewhere = Into(
            ElsewhereService,
            *("store_id", "vehicle_id", "on", "km", "shop", "place", "cost_amount"),
            *("recorded_by_id", "recorded_at"),
        )
        self.calls = Into(Call, *CALL)
        self.attempts = Into(Attempt, *ATTEMPT)
        self.messages = Into(Message, *MESSAGE)
        self.all = [table for table in vars(self).values() if isinstance(table, Into)]

    def send(self) -> None:
        for table in self.all:
            table.send()
