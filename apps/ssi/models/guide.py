"""The action guide: known weaknesses of each factor and what is done against them (SSI-11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import Store, StoreQuerySet
from apps.core.history import tracked


@tracked()
class GuideAction(models.Model):
    """One line of the action guide 行动指南: a weakness of a factor and the action against it.

    ``factor`` is the code of a factor: models that share the code share the guide.
    """

    store = models.ForeignKey(Store, models.PROTECT, related_name="+", verbose_name=_("store"))
    factor = models.CharField(_("factor"), max_length=20)
    place = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"))
    weakness = models.CharField(_("weakness"), max_length=200)
    action = models.CharField(_("action"), max_length=300)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = StoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("action of the guide")
        ordering = ["factor", "place", "pk"]

    def __str__(self) -> str:
        return self.action
