"""The words of the archive (CUS)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    PERSON = "person", _("private person")
    COMPANY = "company", _("company")


class Gender(models.TextChoices):
    MALE = "male", _("Mr")
    FEMALE = "female", _("Ms")
    UNKNOWN = "unknown", _("unknown")


class Locality(models.TextChoices):
    LOCAL = "local", _("local")
    NON_LOCAL = "non_local", _("non-local")
    UNKNOWN = "unknown", _("locality unknown")


class NumberKind(models.TextChoices):
    MOBILE = "mobile", _("mobile")
    LANDLINE = "landline", _("landline")


class NumberStatus(models.TextChoices):
    GOOD = "good", _("number in use")
    EMPTY = "empty", _("empty number")
    WRONG = "wrong", _("wrong number")


class CorrectionStatus(models.TextChoices):
    OPEN = "open", _("to be corrected")
    DONE = "done", _("corrected")


CORRECTION_MOVES = {CorrectionStatus.OPEN: {CorrectionStatus.DONE}}


class Purpose(models.TextChoices):
    """CARE-29."""

    SERVICE = "service", _("service (from the contract)")
    MARKETING = "marketing", _("marketing")


class ConsentState(models.TextChoices):
    GIVEN = "given", _("given")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Fate(models.TextChoices):
    """Whether the car still drives for its owner (CARE-18)."""

    IN_USE = "in_use", _("in use")
    SOLD_ON = "sold_on", _("sold on")
    SCRAPPED = "scrapped", _("scrapped")


class ReadingSource(models.TextChoices):
    VISIT = "visit", _("visit here")
    CUSTOMER = "customer", _("said by the customer")
    IMPORT = "import", _("imported")
    STAFF = "staff", _("entered by hand")


class CareKind(models.TextChoices):
    """The kinds of care that a customer can stop per car (CUS-08) and that become calls."""

    FIRST_SERVICE = "first_service", _("first service")
    MAINTENANCE = "maintenance", _("scheduled maintenance")
    AT_RISK = "at_risk", _("at risk of churn")
    CHURN = "churn", _("churn call-back")
    BIRTHDAY = "birthday", _("birthday")
    SERVICE_FOLLOW_UP = "service_follow_up", _("service follow-up")
    NO_SHOW = "no_show", _("missed appointment")
    WARRANTY = "warranty", _("warranty expiry")
    INSPECTION = "inspection", _("annual inspection")
    INSURANCE = "insurance", _("insurance expiry")
    INSURANCE_CHECK = "insurance_check", _("insurance verification")
    RECALL = "activity_recall", _("activity recall")
    SSI_FIRST = "ssi_first", _("SSI survey, first round")
    SSI_SECOND = "ssi_second", _("SSI survey, second round")
    SSI_LOST = "ssi_lost", _("survey of a lost buyer")


class Sign(models.TextChoices):
    """Why two records may be one customer (CUS-04), the strongest first."""

    ID_NUMBER = "id_number", _("same ID number")
    PHONE = "phone", _("same number")
    VIN = "vin", _("same car, alike name")
    BIRTHDAY = "birthday", _("same name and birthday")


STRENGTH: dict[str, int] = {Sign.ID_NUMBER: 8, Sign.PHONE: 4, Sign.VIN: 2, Sign.BIRTHDAY: 1}
STRONG = [sign for sign in Sign if sign != Sign.BIRTHDAY]


class Lack(models.TextChoices):
    """What a record needs and may lack (CUS-10): first what a customer does, then what a car."""

    PHONE = "phone", _("phone number")
    BIRTHDAY = "birthday", _("birthday")
    OWNER = "owner", _("owner of the car")
    DELIVERY = "delivery", _("delivery date")
    MILEAGE = "mileage", _("mileage")
    INSURANCE = "insurance", _("insurance date")


class DuplicateStatus(models.TextChoices):
    OPEN = "open", _("to be decided")
    MERGED = "merged", _("merged")
    DISMISSED = "dismissed", _("two people")


DUPLICATE_MOVES = {
    DuplicateStatus.OPEN: {DuplicateStatus.MERGED, DuplicateStatus.DISMISSED},
    DuplicateStatus.DISMISSED: {DuplicateStatus.MERGED},
}


class ErasedFor(models.TextChoices):
    """Why a customer was made anonymous (SEC-02)."""

    REQUEST = "request", _("at the customer's request")
    DORMANT = "dormant", _("retention period over")


class RightsKind(models.TextChoices):
    """What a customer may ask for about the data that are kept of him (SEC-02)."""

    ACCESS = "access", _("to see the data")
    CORRECTION = "correction", _("to have data corrected")
    DELETION = "deletion", _("to have the data deleted")


class RightsHow(models.TextChoices):
    """How the customer asked."""

    IN_PERSON = "in_person", _("in the store")
    PHONE = "phone", _("on the phone")
    MESSAGE = "message", _("by SMS or WeChat")
    LETTER = "letter", _("by letter or e-mail")


class RightsStatus(models.TextChoices):
    OPEN = "open", _("to be settled")
    DONE = "done", _("answered")
    REFUSED = "refused", _("refused with a reason")


RIGHTS_MOVES = {RightsStatus.OPEN: {RightsStatus.DONE, RightsStatus.REFUSED}}
