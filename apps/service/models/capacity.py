"""What the workshop can do on a day (SVC-02, ORG-03, ORG-04)."""

from datetime import time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.core.history import tracked
from apps.service.choices import Skill

STEP = 5  # minutes: no appointment begins or ends in between


def skills_field() -> Any:
    return ArrayField(
        models.CharField(max_length=20, choices=Skill), default=list, verbose_name=_("skills")
    )


def skills_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(skills__contained_by=Skill.values) & Q(skills__len__gt=0), name=name
    )


@tracked()
class Capacity(models.Model):
    """The store's numbers of the workshop from a day on (SVC-02)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes from one start to the next"),
        default=30,
        validators=[MinValueValidator(STEP), MaxValueValidator(240)],
        help_text="SVC-02",
    )
    labour_hours = models.PositiveSmallIntegerField(
        _("labour hours a day"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(2000)],
        help_text=_("SVC-02; empty: as many as bays and technicians hold"),
    )
    book_ahead_days = models.PositiveSmallIntegerField(
        _("days ahead that can be booked"),
        default=100,  # a first service, two to three months on, is booked at the hand-over
        validators=[MinValueValidator(1), MaxValueValidator(366)],
        help_text="SVC-02",
    )
    discount_percent = models.PositiveSmallIntegerField(
        _("discount an advisor may give, per cent"),
        default=10,
        db_default=10,
        validators=[MaxValueValidator(100)],
        help_text="SVC-10",
    )

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("numbers of the workshop")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="service_capacity_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__range=(STEP, 240)), name="service_capacity_slot_possible"
            ),
            models.CheckConstraint(
                condition=Q(book_ahead_days__range=(1, 366)), name="service_capacity_ahead_possible"
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__lte=100), name="service_capacity_discount_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


@tracked()
class ServiceDay(models.Model):
    """One day of the workshop: what is otherwise than usual on it.

    Its row is also the lock under which the day is booked: whoever books, moves or closes
    anything of the day holds it, so two cannot count the same free hour (SVC-02).
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    on = models.DateField(_("day"))
    opens_at = models.TimeField(_("opens at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)
    closed = models.BooleanField(_("closed"), default=False)
    labour_hours = models.PositiveSmallIntegerField(_("labour hours"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=80, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the workshop")
        constraints = [
            models.UniqueConstraint(fields=["store", "on"], name="service_serviceday_once"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="service_serviceday_opens_before_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.on}"


@tracked()
class Bay(models.Model):
    """A place in the workshop where one car stands 工位 (SVC-02)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    name = models.CharField(_("name"), max_length=20)
    skills = skills_field()
    place = models.PositiveSmallIntegerField(_("order on the board"), default=1)
    active = models.BooleanField(_("in use"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("bay")
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="service_bay_name_once"),
            skills_known("service_bay_skills_known"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class BayClosure(models.Model):
    """A bay that cannot be used on a day: the lift is being repaired (SVC-02)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    bay = models.ForeignKey(Bay, models.PROTECT, related_name="closures", verbose_name=_("bay"))
    on = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=80)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("closed bay")
        constraints = [
            models.UniqueConstraint(fields=["bay", "on"], name="service_bayclosure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bay} {self.on}"


@tracked()
class Technician(models.Model):
    """A person of the workshop who is booked 技师, with the usual working time.

    Days off are those of the roster (ORG-04).
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    user = models.OneToOneField(
        User, models.PROTECT, related_name="technician", verbose_name=_("person")
    )
    skills = skills_field()
    works_from = models.TimeField(_("works from"), default=time(8, 30))
    works_until = models.TimeField(_("works until"), default=time(17, 30))
    active = models.BooleanField(_("can be booked"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("technician")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(works_from__lt=F("works_until")), name="service_technician_works"
            ),
            skills_known("service_technician_skills_known"),
        ]

    def __str__(self) -> str:
        return str(self.user)
