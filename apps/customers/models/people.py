"""Customers, how they are reached and what they agreed to."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Extract, Reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import DepartmentKind, Slot
from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.choices import (
    CORRECTION_MOVES,
    ConsentState,
    CorrectionStatus,
    CustomerKind,
    Gender,
    Locality,
    NumberKind,
    NumberStatus,
    Purpose,
)


class StandingManager(models.Manager.from_queryset(StoreQuerySet)):  # type: ignore[misc]
    """The records that stand for themselves: not those merged into another one (CUS-04)."""

    def get_queryset(self) -> StoreQuerySet:
        rows: StoreQuerySet = super().get_queryset().filter(merged_into=None)
        return rows


@tracked(exclude=("initials", "reachable"))
class Customer(models.Model):
    """One customer of one store: a person or a company (CUS-01).

    A record that was merged into another is kept for its history and its old links, and owns
    nothing any more: ``objects`` hides it, ``everyone`` and what follows a foreign key show it.
    """

    store = models.ForeignKey(
        Store,
        models.PROTECT,
        related_name="customers",
        db_index=False,  # customers_customer_of_store begins with it
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=CustomerKind, db_default=CustomerKind.PERSON
    )
    name = models.CharField(_("name"), max_length=80)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, db_default=Gender.UNKNOWN)
    main_phone = models.CharField(
        _("main phone"),
        max_length=20,
        blank=True,
        db_default="",
        help_text=_("11 digits; the number that is rung first"),
    )
    email = models.EmailField(_("e-mail address"), blank=True, db_default="")
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True, db_default="")
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    lunar_birth_mmdd = models.PositiveSmallIntegerField(
        _("lunar birthday"),
        null=True,
        blank=True,
        help_text=_("month × 100 + day of the lunar calendar; then this is greeted"),
    )
    birth_mmdd = models.GeneratedField(
        expression=Extract("birthday", "month") * 100 + Extract("birthday", "day"),
        output_field=models.IntegerField(null=True),
        db_persist=True,
    )
    id_number_sealed = models.TextField(blank=True, db_default="")  # AES-GCM, see sealing.py
    id_number_hash = models.CharField(max_length=64, blank=True, db_default="")
    address = models.CharField(_("address"), max_length=200, blank=True, db_default="")
    locality = models.CharField(
        _("locality"), max_length=10, choices=Locality, db_default=Locality.UNKNOWN
    )
    locality_by_hand = models.BooleanField(db_default=False)
    preferred_channel = models.CharField(
        _("preferred channel"),
        max_length=10,
        blank=True,
        db_default="",
        choices=[("phone", _("phone")), ("sms", _("SMS")), ("email", _("e-mail"))],
    )
    preferred_slot = models.CharField(
        _("preferred time slot"), max_length=10, choices=Slot, blank=True, db_default=""
    )
    refuses_service = models.BooleanField(
        _("refuses service contact"), db_default=False, help_text="CARE-29"
    )
    accepts_marketing = models.BooleanField(_("agrees to marketing"), db_default=False)
    # Derived: kept by the actions and the import.
    initials = models.CharField(max_length=40, blank=True, db_default="")
    name_pieces = models.GeneratedField(
        # all one- and two-character pieces, by our SQL function: what the search needs (CUS-05)
        expression=Func("name", function="name_pieces"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )
    reachable = models.BooleanField(
        db_default=False, help_text=_("has a number that is in use (CUS-03)")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("recorded by"),
        help_text=_("empty: an import"),
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Func(function="now"))
    # CUS-04: this record was found to be another one's double. Never more than one step.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    merged_at = models.DateTimeField(_("merged at"), null=True, blank=True)
    also_named = ArrayField(
        models.CharField(max_length=80),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("also named"),
        help_text=_("by a record merged into this one: the DMS may go on saying so"),
    )
    erased_at = models.DateTimeField(
        _("made anonymous at"), null=True, blank=True, help_text="SEC-02"
    )

    objects = StandingManager()
    everyone = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        ordering = ["pk"]
        base_manager_name = "everyone"
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None)
                | (Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("id"))),
                name="customers_customer_merged_into_another",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="customers_customer_has_a_name"),
            models.CheckConstraint(
                condition=Q(lunar_birth_mmdd=None) | Q(lunar_birth_mmdd__range=(101, 1230)),
                name="customers_customer_lunar_day_possible",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "birth_mmdd"],
                name="customers_customer_birthday",
                condition=Q(kind=CustomerKind.PERSON, birthday__isnull=False),
            ),
            models.Index(
                fields=["store", "lunar_birth_mmdd"],
                name="customers_customer_lunar_day",
                condition=Q(lunar_birth_mmdd__isnull=False),
            ),
            models.Index(
                F("store"),
                OpClass("initials", "text_pattern_ops"),
                name="customers_customer_initials",
            ),
            models.Index(fields=["store", "name"], name="customers_customer_called"),
            models.Index(fields=["store", "-id"], name="customers_customer_of_store"),
            models.Index(fields=["store", "locality", "-id"], name="customers_customer_locality"),
            models.Index(
                fields=["store", "-id"],
                name="customers_customer_unreached",
                condition=Q(reachable=False),
            ),
            models.Index(fields=["store", "main_phone"], name="customers_customer_phone"),
            models.Index(
                fields=["store", "id_number_hash"],
                name="customers_customer_id_hash",
                condition=~Q(id_number_hash=""),
            ),
            GinIndex(fields=["name_pieces"], name="customers_customer_name"),
            models.Index(
                fields=["store", "recorded_by"],
                name="customers_customer_recorded",
                condition=Q(recorded_by__isnull=False),
            ),
            models.Index(
                fields=["merged_into"],
                name="customers_customer_merged",
                condition=Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ContactNumber(models.Model):
    """One telephone number of a customer (CUS-01, CUS-03)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="numbers")
    number = models.CharField(_("number"), max_length=20)  # mobile 11 digits; landline 0215551234
    kind = models.CharField(max_length=10, choices=NumberKind)
    status = models.CharField(max_length=10, choices=NumberStatus, db_default=NumberStatus.GOOD)
    region = models.CharField(_("home region"), max_length=40, blank=True, db_default="")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True, db_default=Func(function="now"))
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    marked_at = models.DateTimeField(null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact number")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number"], name="customers_contactnumber_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=NumberStatus.values),
                name="customers_contactnumber_status_known",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "number"], name="customers_contactnumber_whole"),
            models.Index(
                F("store"),
                OpClass(Reverse("number"), "text_pattern_ops"),
                name="customers_contactnumber_end",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@tracked()
class NumberCorrection(models.Model):
    """A request to find a good number in place of an empty or wrong one (CUS-03)."""

    MOVES = CORRECTION_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="corrections")
    number = models.ForeignKey(ContactNumber, models.PROTECT, related_name="corrections")
    department = models.CharField(
        max_length=20,
        choices=[(d.value, d.label) for d in (DepartmentKind.SALES, DepartmentKind.SERVICE)],
    )
    status = models.CharField(
        max_length=10, choices=CorrectionStatus, db_default=CorrectionStatus.OPEN
    )
    found = models.CharField(
        _("found to be"),
        max_length=10,
        choices=NumberStatus,
        blank=True,
        db_default="",
        help_text=_("stays when the number turns out good after all (CUS-09)"),
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("number correction")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="customers_numbercorrection_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "department", "asked_at"],
                condition=Q(status=CorrectionStatus.OPEN),
                name="customers_correction_open",
            ),
            models.Index(fields=["store", "asked_at"], name="customers_correction_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_department_display()}"


@tracked()
class ConsentText(models.Model):
    """What a customer is told when he agrees to a purpose, from a day on: a new text is a new
    version, the older ones stay for those who agreed to them (SEC-02)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=2000)
    effective_from = models.DateField(_("in force from"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "purpose", "version"], name="customers_consenttext_once"
            ),
            models.UniqueConstraint(
                fields=["store", "purpose", "effective_from"],
                name="customers_consenttext_one_a_day",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="customers_consenttext_says_it"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"


@tracked()
class Consent(models.Model):
    """What a customer said of being contacted for a purpose: the newest row decides (CARE-29)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose)
    state = models.CharField(max_length=10, choices=ConsentState)
    at = models.DateTimeField()
    source = models.CharField(_("source"), max_length=80)
    told = models.ForeignKey(
        ConsentText,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("text agreed to"),
        help_text=_("empty: an import, a withdrawal"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.get_state_display()}"
