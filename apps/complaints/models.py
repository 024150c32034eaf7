"""Quick responses 快速回复单: what a customer was not content with, followed to its end."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InForceQuerySet, Store, StoreQuerySet, User
from apps.complaints.choices import DEPARTMENTS, OPEN_STEPS, STEP_MOVES, Origin, RootCause, Step
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle


def _hours(label: Any, default: int) -> Any:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_("SSI-04; hours of working time"),
    )


@tracked()
class ResponseNumbers(models.Model):
    """The store's limits of the quick response, from a day on (SSI-04 [P])."""

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    effective_from = models.DateField(_("in force from"))
    approve_hours = _hours(_("approve within"), 2)
    handle_hours = _hours(_("handle within"), 24)
    contact_hours = _hours(_("ask the customer again within"), 4)
    close_hours = _hours(_("close within"), 24)

    objects = InForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("limits of quick responses")
        constraints = [
            models.UniqueConstraint(
                fields=["store", "effective_from"], name="complaints_numbers_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    approve_hours__gt=0, handle_hours__gt=0, contact_hours__gt=0, close_hours__gt=0
                ),
                name="complaints_numbers_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.store} {self.effective_from}"


class QuickResponseQuerySet(StoreQuerySet):
    def open(self) -> "QuickResponseQuerySet":
        return self.filter(status__in=OPEN_STEPS)


def _person(label: Any) -> models.ForeignKey[User | None, User | None]:
    return models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


@tracked()
class QuickResponse(models.Model):
    """One matter of one customer, from who heard it to who closes it (SSI-04).

    ``status`` is the step that is to be taken next, ``due_at`` until when.
    """

    MOVES = STEP_MOVES

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="quick_responses", verbose_name=_("customer")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("car")
    )
    origin = models.CharField(_("opened by"), max_length=20, choices=Origin)
    department = models.CharField(_("department"), max_length=20, choices=DEPARTMENTS)
    text = models.CharField(_("what the customer said"), max_length=500)
    status = models.CharField(_("step"), max_length=20, choices=Step, default=Step.APPROVE)
    since = models.DateTimeField(_("in this step since"))
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    escalated_at = models.DateTimeField(
        _("escalated at"), null=True, blank=True, help_text=_("this step was late (SSI-04)")
    )
    made_at = models.DateTimeField(_("made at"))
    made_by = _person(_("made by"))  # empty: low answers that a customer gave by himself
    approved_by = _person(_("approved by"))
    handler = _person(_("accepted by"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    root_cause = models.CharField(
        _("root cause"), max_length=20, choices=RootCause, blank=True, db_default=""
    )
    measure = models.CharField(_("what was done"), max_length=500, blank=True, db_default="")
    rounds = models.PositiveSmallIntegerField(
        _("times handled"), default=0, help_text=_("more than one: the customer was not satisfied")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = QuickResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("quick response")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=Step.values,
                    origin__in=Origin.values,
                    department__in=[value for value, _label in DEPARTMENTS],
                    root_cause__in=["", *RootCause.values],
                ),
                name="complaints_response_words_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_STEPS, ended_at=None, due_at__isnull=False)
                | ~Q(status__in=OPEN_STEPS) & Q(ended_at__isnull=False, due_at=None),
                name="complaints_response_ended_or_due",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("made_by")),
                name="complaints_response_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Step.APPROVE, Step.MEND, Step.DROPPED])
                | Q(approved_by__isnull=False),
                name="complaints_response_approved_first",
            ),
        ]
        indexes = [
            models.Index(
                fields=["store", "due_at", "id"],
                condition=Q(status__in=OPEN_STEPS),
                name="complaints_response_open",
            ),
            models.Index(fields=["store", "-id"], name="complaints_response_of_store"),
            models.Index(fields=["store", "made_at"], name="complaints_response_of_month"),
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=OPEN_STEPS, escalated_at=None),
                name="complaints_response_to_watch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_status_display()}"


@tracked()
class StepTaken(models.Model):
    """One step of a quick response as it was taken: who, when, until when it was due."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    response = models.ForeignKey(
        QuickResponse, models.PROTECT, related_name="steps", verbose_name=_("quick response")
    )
    step = models.CharField(_("step"), max_length=20, choices=Step)
    became = models.CharField(_("then"), max_length=20, choices=Step)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    at = models.DateTimeField(_("taken at"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    text = models.CharField(_("remark"), max_length=500, blank=True, db_default="")

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a quick response")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=Step.values, became__in=Step.values),
                name="complaints_step_known",
            ),
        ]
        indexes = [models.Index(fields=["store", "at"], name="complaints_step_of_month")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} → {self.get_became_display()}"

    @property
    def was_late(self) -> bool:
        return self.due_at is not None and self.at > self.due_at


@tracked()
class AskedAgain(models.Model):
    """One failed question of a survey: what was answered before, and after it was handled."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    response = models.ForeignKey(
        QuickResponse, models.PROTECT, related_name="questions", verbose_name=_("quick response")
    )
    question = models.CharField(_("question"), max_length=200)
    before = models.PositiveSmallIntegerField(_("answer before"))
    after = models.PositiveSmallIntegerField(_("answer after"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("question asked again")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "question"], name="complaints_question_once"
            ),
            models.CheckConstraint(
                condition=Q(before__range=(1, 10)) & (Q(after=None) | Q(after__range=(1, 10))),
                name="complaints_question_on_the_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.before} → {self.after or '?'}"
