"""The words of care activities, and which status may follow which (CARE-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    INVITED = "invited", _("invitations are out")
    HELD = "held", _("held")
    EVALUATED = "evaluated", _("evaluated")
    CANCELLED = "cancelled", _("cancelled")


# A status that is not a key here is final.
ACTIVITY_MOVES = {
    ActivityStatus.PLANNED: {
        ActivityStatus.INVITED,
        ActivityStatus.HELD,  # who came was not asked for one by one
        ActivityStatus.CANCELLED,
    },
    ActivityStatus.INVITED: {ActivityStatus.HELD, ActivityStatus.CANCELLED},
    ActivityStatus.HELD: {ActivityStatus.EVALUATED},
}
COMING = (ActivityStatus.PLANNED, ActivityStatus.INVITED)
TOOK_PLACE = (ActivityStatus.HELD, ActivityStatus.EVALUATED)


class Invited(models.TextChoices):
    """How somebody came to know of it."""

    CALL = "call", _("by call")
    MESSAGE = "message", _("SMS invitation")
    IN_PERSON = "in_person", _("asked in the store")
    AT_THE_DOOR = "at_the_door", _("came by himself")


class Answer(models.TextChoices):
    SIGNED_UP = "signed_up", _("signed up")
    DECLINED = "declined", _("does not come")
