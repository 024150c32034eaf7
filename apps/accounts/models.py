"""Stores, their calendar, their people and who is on duty (ORG)."""

from datetime import time
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import DayKind, DepartmentKind, Role
from apps.core.history import tracked


class StoreQuerySet(models.QuerySet[Any]):
    """The base of every queryset of rows that belong to a store."""

    def visible_to(self, user: Any) -> Self:
        """Every view starts here: a person sees the rows of their own stores (ORG-02)."""
        return self.filter(store__in=user.store_ids)

    def of_own_store(self, user: Any) -> Self:
        """What a person may change: the rows of the store they work in."""
        return self.filter(store=user.store_id)


class InForceQuerySet(StoreQuerySet):
    """Numbers that a manager may change: rows of a store with the date from which they hold."""

    def in_force(self, store: Any, on: Any) -> Any:
        """The row of ``store`` that decides on day ``on``; None before the first."""
        return self.filter(store=store, effective_from__lte=on).order_by("-effective_from").first()


@tracked()
class Store(models.Model):
    """One dealership 门店: the tenant that every business row belongs to (ORG-02, ORG-03)."""

    code = models.CharField(_("store code"), max_length=20, unique=True)
    name = models.CharField(_("name of the store"), max_length=80)
    city = models.CharField(_("city"), max_length=40, blank=True)
    local_regions = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("regions that count as local"),
        help_text=_("home regions of phones, as 上海, and first characters of plates, as 沪"),
    )
    opens_at = models.TimeField(_("opens at"), default=time(8, 30), help_text="ORG-03")
    weekend_opens_at = models.TimeField(
        _("weekend duty from"),
        default=time(8, 20),
        null=True,
        blank=True,
        help_text=_("ORG-03; empty: closed at weekends"),
    )
    closes_at = models.TimeField(_("closes at"), default=time(17, 30), help_text="ORG-03")
    opened_on = models.DateField(_("working here since"), auto_now_add=True)

    class Meta:
        verbose_name = _("store")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")), name="accounts_store_opens_before_closing"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CallSlots(models.Model):
    """The call time slots of a store from a day on (ORG-05). A slot is [from, until)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="call_slots")
    effective_from = models.DateField(_("in force from"))
    morning_from = models.TimeField(default=time(9, 0))
    morning_until = models.TimeField(default=time(11, 30))
    afternoon_from = models.TimeField(default=time(13, 30))
    afternoon_until = models.TimeField(default=time(15, 30))
    late_from = models.TimeField(default=time(15, 30))
    late_until = models.TimeField(default=time(17, 30))

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("call time slots")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="accounts_callslots_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    morning_from__lt=F("morning_until"),
                    morning_until__lte=F("afternoon_from"),
                    afternoon_from__lt=F("afternoon_until"),
                    afternoon_until__lte=F("late_from"),
                    late_from__lt=F("late_until"),
                ),
                name="accounts_callslots_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


@tracked()
class CalendarDay(models.Model):
    """A correction of the public calendar by hand: one day of one store (ORG-03)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="calendar_days")
    on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=20, choices=DayKind)
    note = models.CharField(_("remark"), max_length=80, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["store", "on"], name="accounts_calendarday_once"),
            models.CheckConstraint(
                condition=Q(kind__in=DayKind.values), name="accounts_calendarday_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


@tracked(exclude=("password", "last_login", "language", "password_is_temporary"))
class User(AbstractUser):
    """A person who signs in. Works in one store; a group manager also reads others (ORG-01, 02)."""

    groups = None  # type: ignore[assignment]  # roles are the one table of accounts/roles.py
    user_permissions = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    name = models.CharField(_("name"), max_length=40)
    store = models.ForeignKey(
        Store, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("store")
    )
    reads = models.ManyToManyField(
        Store, blank=True, related_name="readers", verbose_name=_("also reads")
    )
    department = models.ForeignKey(
        "Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("department"),
    )
    roles = ArrayField(
        models.CharField(max_length=30, choices=Role),
        default=list,
        blank=True,
        verbose_name=_("roles"),
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, db_default="", help_text=_("empty: Chinese")
    )
    password_is_temporary = models.BooleanField(
        db_default=False, help_text=_("given by a manager: must be changed at the next sign-in")
    )
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff members")
        constraints = [
            models.CheckConstraint(
                condition=Q(roles__contained_by=Role.values), name="accounts_user_roles_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def store_ids(self) -> list[int]:
        """The stores whose rows this person sees; narrowed to one by the store switch."""
        if self.chosen_store_id is not None:
            return [self.chosen_store_id]
        return self.all_store_ids

    chosen_store_id: int | None = None  # set for one request by the store switch

    @property
    def all_store_ids(self) -> list[int]:
        if not hasattr(self, "_all_store_ids"):
            own = [self.store_id] if self.store_id else []
            more = (
                self.reads.values_list("pk", flat=True) if Role.GROUP_MANAGER in self.roles else []
            )
            self._all_store_ids = list(dict.fromkeys([*own, *more]))
        return self._all_store_ids

    def has_role(self, *roles: str) -> bool:
        return bool(set(roles) & set(self.roles))

    @property
    def role_labels(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


@tracked()
class Department(models.Model):
    """A department of a store, with its manager (ORG-01)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="departments")
    kind = models.CharField(max_length=20, choices=DepartmentKind)
    manager = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("manager")
    )

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        constraints = [
            models.UniqueConstraint(fields=["store", "kind"], name="accounts_department_once"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked()
class Team(models.Model):
    """A team within the sales department 销售组: scores are compared by it (SSI-05)."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="teams", verbose_name=_("store"))
    name = models.CharField(_("name of the team"), max_length=40)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="accounts_team_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class TeamMember(models.Model):
    """From this day on the person belongs to this team; the latest row that began holds.

    Without a team: to none any more.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    user = models.ForeignKey(
        User, models.PROTECT, related_name="teams", verbose_name=_("staff member")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    from_on = models.DateField(_("from"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a team")
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(fields=["user", "from_on"], name="accounts_teammember_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.team or '–'} {self.from_on}"


@tracked()
class DutyDay(models.Model):
    """The roster says of one person and day: on duty or off (ORG-04).

    Without a row a person is on duty on the store's working days.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="duty_days")
    user = models.ForeignKey(User, models.PROTECT, related_name="duty_days")
    on = models.DateField(_("day"))
    on_duty = models.BooleanField(_("on duty"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty day")
        constraints = [
            models.UniqueConstraint(fields=["user", "on"], name="accounts_dutyday_once"),
        ]
        indexes = [models.Index(fields=["store", "on"], name="accounts_dutyday_store_day")]

    def __str__(self) -> str:
        return f"{self.user} {self.on}"


class Heartbeat(models.Model):
    """When the clock last rang through: written by the worker for a tick that beat sent."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
