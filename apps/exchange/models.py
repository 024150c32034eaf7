"""Imports of DMS files: what was given, what it would do, what was done (DATA-02)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle
from apps.exchange.choices import (
    DIFFERENCE_MOVES,
    IMPORT_MOVES,
    DifferenceStatus,
    FileKind,
    ImportStatus,
)
from apps.service.models import RepairOrder


@tracked(exclude=("progress",))
class ImportRun(models.Model):
    """Files given together: one import, all or nothing or the good rows only (DATA-02)."""

    MOVES = IMPORT_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=ImportStatus, db_default=ImportStatus.UPLOADED)
    skip_refused = models.BooleanField(_("take the good rows only"), db_default=False)
    consent_basis = models.CharField(
        _("marketing consent: on what basis"),
        max_length=80,
        blank=True,
        db_default="",
        help_text=_("empty: consent stays as it is (CARE-29)"),
    )
    counts = models.JSONField(default=dict, blank=True)  # kind → new/changed/unchanged/refused
    sample = models.JSONField(default=list, blank=True)  # the first changes, as the preview shows
    progress = models.PositiveSmallIntegerField(db_default=0)  # percent
    asked_at = models.DateTimeField(null=True, blank=True)  # the last check or taking
    problem = models.CharField(max_length=300, blank=True, db_default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.created_at:%F %H:%M}"


class ImportFile(models.Model):
    """One file of an import, as it came, with what its columns are."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    sheet = models.CharField(max_length=80, blank=True, db_default="")  # of several, this one
    stored = models.UUIDField(default=uuid4)  # its name in the private file folder
    removed = models.BooleanField(db_default=False)  # after 30 days; the counts stay
    size = models.PositiveBigIntegerField()
    rows = models.PositiveIntegerField(db_default=0)  # below the heading
    headings = models.JSONField(default=list, blank=True)
    heading_row = models.PositiveSmallIntegerField(db_default=1)  # as counted in the file
    kind = models.CharField(max_length=20, choices=FileKind, blank=True)
    columns = models.JSONField(default=dict, blank=True)  # our field → index in headings
    counts = models.JSONField(default=dict, blank=True)  # new/changed/unchanged/refused/passed
    refused = models.JSONField(default=list, blank=True)  # row, column, reason (the first 10,000)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class ColumnChoice(models.Model):
    """A heading that a person of this store matched to one of our fields; used the next time."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FileKind)
    heading = models.CharField(max_length=80)
    field = models.CharField(max_length=40)

    objects = StoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "kind", "heading"], name="exchange_columnchoice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.field}"


class TakenRow(models.Model):
    """What a DMS row said when it was last taken: the memory of the import (DATA-02, DATA-05).

    A row that says the same again is passed by; a field that still holds what a row put there
    may follow the DMS, any other was typed here and is kept. Repair orders need none: they
    come from the DMS alone.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    kind = models.PositiveSmallIntegerField()  # place of the FileKind in the order of taking
    key = models.CharField(max_length=140)  # the VIN, else who the customer is
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="+")
    vals = models.JSONField()

    objects = StoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "key"], name="exchange_takenrow_once"),
        ]

    def __str__(self) -> str:
        return self.key


# The history says who decided; both values stay in the row.
@tracked(
    exclude=(
        *("ours", "ours_customer", "theirs", "theirs_customer", "theirs_sealed"),
        *("file_name", "run", "said_at"),
    )
)
class Difference(models.Model):
    """One field of one record that the DMS has otherwise than a person here typed it (DATA-05).

    Found by every import that brings the value; at most one open row a field (of a
    mileage: a field and day). ``ours`` and
    ``theirs`` are texts as the import compares them: an owner or buyer is a customer's id (also
    in ``ours_customer``, ``theirs_customer``), a mileage "day km", an ID number its hash. A value
    that was decided against (OURS_KEPT) is not asked about again; another value of the DMS is a
    new difference.
    """

    MOVES = DIFFERENCE_MOVES

    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="differences")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="differences")
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, related_name="+"
    )
    field = models.CharField(_("field"), max_length=40)
    on = models.DateField(_("day"), null=True)  # of our reading, for a mileage: a car has many
    ours = models.CharField(_("here"), max_length=254, blank=True)
    theirs = models.CharField(_("in the DMS"), max_length=254)
    ours_customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    theirs_customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="+")
    theirs_sealed = models.TextField(blank=True, db_default="")  # an ID number, see sealing.py
    status = models.CharField(
        max_length=12, choices=DifferenceStatus, db_default=DifferenceStatus.OPEN
    )
    found_at = models.DateTimeField(_("found at"))
    said_at = models.DateTimeField()  # the last import that said so
    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, related_name="differences")
    file_name = models.CharField(max_length=200, blank=True, db_default="")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "vehicle", "order", "field", "on"],
                condition=Q(status=DifferenceStatus.OPEN),
                nulls_distinct=False,
                name="exchange_difference_one_open",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False, vehicle=None, order=None)
                | Q(customer=None, vehicle__isnull=False),
                name="exchange_difference_of_one_record",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "-id"],
                name="exchange_difference_open",
                condition=Q(status=DifferenceStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.vehicle} {self.field}"
