"""What customers answered, and the scores that follow (SSI-03, SSI-07, SSI-10)."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Store, StoreQuerySet, Team, User
from apps.care.models import Call
from apps.complaints.models import QuickResponse
from apps.core.history import tracked
from apps.customers.models import Customer, Vehicle
from apps.delivery.models import Delivery
from apps.reception.models import CarModel, Opportunity
from apps.ssi.choices import RESPONSE_MOVES, Mark, ResponseStatus, Round
from apps.ssi.models.survey import SurveyFactor, SurveyModel, SurveyQuestion, SurveyStandard


def a_score(label: Any) -> Any:
    return models.DecimalField(
        label, max_digits=6, decimal_places=2, null=True, blank=True, help_text=_("100 to 1000")
    )


class ResponseQuerySet(StoreQuerySet):
    def counted(self) -> "ResponseQuerySet":
        """Finished, and with at least one answer on the scale."""
        return self.filter(status=ResponseStatus.DONE, score__isnull=False)


@tracked()
class Response(models.Model):
    """One customer's answers to one survey 日访记录: of a delivery and round, or a lost purchase.

    ``consultant`` and ``team`` are those of the day of delivery (SSI-07); ``consultant_name``
    stands alone when no account of the store bears it. ``on`` is the store's day on which it
    was finished, and its month is the month it counts in.
    """

    MOVES = RESPONSE_MOVES

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    model = models.ForeignKey(
        SurveyModel, models.PROTECT, related_name="responses", verbose_name=_("survey model")
    )
    round = models.CharField(_("round"), max_length=10, choices=Round)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="ssi_responses", verbose_name=_("customer")
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("car")
    )
    delivery = models.ForeignKey(
        Delivery,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="ssi_responses",
        verbose_name=_("delivery"),
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="ssi_responses",
        verbose_name=_("lost purchase"),
    )
    call = models.OneToOneField(
        Call,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ssi_response",
        verbose_name=_("call"),
    )
    car_model = models.ForeignKey(
        CarModel,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("model"),
    )
    consultant = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("sales consultant"),
    )
    consultant_name = models.CharField(
        _("name of the sales consultant"), max_length=40, blank=True, db_default=""
    )
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("team"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ResponseStatus, default=ResponseStatus.OPEN
    )
    interviewer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("interviewer"),
        help_text=_("empty: the customer answered by himself"),
    )
    name_right = models.BooleanField(_("name is right"), null=True, blank=True)
    phone_right = models.BooleanField(_("phone is right"), null=True, blank=True)
    car_right = models.BooleanField(_("car is right"), null=True, blank=True)
    started_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    on = models.DateField(_("day"), null=True, blank=True)
    spoken_seconds = models.PositiveIntegerField(
        _("seconds asked"), default=0, help_text=_("over all sittings")
    )
    complaint = models.CharField(_("complaint"), max_length=500, blank=True, db_default="")
    remark = models.CharField(_("remark"), max_length=500, blank=True, db_default="")
    quick_response = models.OneToOneField(
        QuickResponse,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ssi_response",
        verbose_name=_("quick response"),
        help_text=_("what its low answers opened (SSI-04)"),
    )
    score = a_score(_("internal SSI"))
    marks = ArrayField(
        models.CharField(max_length=20, choices=Mark),
        default=list,
        db_default=[],
        blank=True,
        verbose_name=_("marks"),
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey response")
        ordering = ["-on", "-pk"]
        constraints = [
            # SSI-03: one of a delivery and round, one of a lost purchase
            models.UniqueConstraint(
                fields=["delivery", "round"],
                condition=Q(delivery__isnull=False),
                name="ssi_response_once_a_delivery_and_round",
            ),
            models.UniqueConstraint(
                fields=["opportunity"],
                condition=Q(opportunity__isnull=False),
                name="ssi_response_once_a_lost_purchase",
            ),
            models.CheckConstraint(
                condition=Q(
                    round__in=[Round.FIRST, Round.SECOND],
                    delivery__isnull=False,
                    opportunity=None,
                )
                | Q(round=Round.LOST, delivery=None, opportunity__isnull=False),
                name="ssi_response_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(status=ResponseStatus.OPEN, ended_at=None, on=None, score=None)
                | Q(status=ResponseStatus.DONE, ended_at__isnull=False, on__isnull=False),
                name="ssi_response_scored_when_finished",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(100, 1000)),
                name="ssi_response_score_possible",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="ssi_response_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "on", "id"], name="ssi_response_of_day"),
            models.Index(
                fields=["store", "started_at"],
                condition=Q(status=ResponseStatus.OPEN),
                name="ssi_response_begun",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.get_round_display()}"

    @property
    def mark_names(self) -> list[str]:
        return [str(Mark(mark).label) for mark in self.marks]


@tracked()
class Answer(models.Model):
    """The answer to one question: 1 to 10, or empty: does not apply. ``word``: why so low."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    response = models.ForeignKey(
        Response,
        models.CASCADE,
        db_index=False,
        related_name="answers",
        verbose_name=_("survey response"),
    )
    question = models.ForeignKey(
        SurveyQuestion, models.PROTECT, related_name="+", verbose_name=_("survey question")
    )
    value = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    word = models.CharField(_("in his words"), max_length=300, blank=True, db_default="")
    at = models.DateTimeField(_("answered at"))

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="ssi_answer_once"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__range=(1, 10)), name="ssi_answer_on_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.value or '–'}"


@tracked()
class StandardAnswer(models.Model):
    """Whether a standard was kept, as the customer says; empty: does not know."""

    store = models.ForeignKey(
        Store, models.PROTECT, related_name="+", db_index=False, verbose_name=_("store")
    )
    response = models.ForeignKey(
        Response,
        models.CASCADE,
        db_index=False,
        related_name="standards",
        verbose_name=_("survey response"),
    )
    standard = models.ForeignKey(
        SurveyStandard, models.PROTECT, related_name="+", verbose_name=_("standard asked")
    )
    kept = models.BooleanField(_("standard kept"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer about a standard")
        constraints = [
            models.UniqueConstraint(fields=["response", "standard"], name="ssi_standard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.standard}: {self.kept}"


class FactorScore(models.Model):
    """The score of one factor of a finished response; no row when none of it was answered."""

    response = models.ForeignKey(
        Response, models.CASCADE, db_index=False, related_name="factor_scores"
    )
    factor = models.ForeignKey(SurveyFactor, models.PROTECT, db_index=False, related_name="+")
    score = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "factor"], name="ssi_factorscore_once"),
            models.CheckConstraint(
                condition=Q(score__range=(100, 1000)), name="ssi_factorscore_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factor} {self.score}"


class SurveyLink(models.Model):
    """A customer's own way to his survey: signed, used once, not after it expires (SSI-03).

    The address holds a signature over the row's pk and ``key``; the row says whether it holds.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    response = models.OneToOneField(
        Response, models.CASCADE, related_name="link", verbose_name=_("survey response")
    )
    key = models.CharField(max_length=40)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("holds until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey link")

    def __str__(self) -> str:
        return f"{self.response} {self.expires_at:%F}"
