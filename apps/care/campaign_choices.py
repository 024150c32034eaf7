"""The words of campaigns, and which status may follow which (CARE-06)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.customers.choices import Purpose


class CampaignKind(models.TextChoices):
    HOLIDAY = "holiday", _("holiday greeting")
    WEATHER = "weather", _("weather notice")
    ACTIVITY = "activity", _("invitation to an activity")


# CARE-29: what a campaign is, in the eyes of the law.
PURPOSES = {
    CampaignKind.HOLIDAY: Purpose.MARKETING,
    CampaignKind.WEATHER: Purpose.MARKETING,
    CampaignKind.ACTIVITY: Purpose.MARKETING,
}
GREETINGS = (CampaignKind.HOLIDAY, CampaignKind.WEATHER)  # of which CARE-06 wants three a month


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waits for approval")
    APPROVED = "approved", _("approved")  # waits for its day
    RUNNING = "running", _("is being sent")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")


# A status that is not a key here is final.
CAMPAIGN_MOVES = {
    CampaignStatus.DRAFT: {CampaignStatus.SUBMITTED, CampaignStatus.CANCELLED},
    CampaignStatus.SUBMITTED: {
        CampaignStatus.DRAFT,  # sent back
        CampaignStatus.APPROVED,
        CampaignStatus.CANCELLED,
    },
    CampaignStatus.APPROVED: {
        CampaignStatus.DRAFT,  # sent back after all
        CampaignStatus.RUNNING,
        CampaignStatus.CANCELLED,
    },
    CampaignStatus.RUNNING: {
        CampaignStatus.PAUSED,
        CampaignStatus.FINISHED,
        CampaignStatus.CANCELLED,
    },
    CampaignStatus.PAUSED: {CampaignStatus.RUNNING, CampaignStatus.CANCELLED},
}
STARTED = (CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.FINISHED)


GREETING, BEGUN = "greeting", "begun"  # what the month meter counts, as words of the filter


class Weather(models.TextChoices):
    """What the weather office warns of."""

    TYPHOON = "typhoon", _("typhoon")
    RAIN = "rain", _("rainstorm")
    SNOW = "snow", _("snowstorm")
    COLD = "cold", _("cold wave")
    WIND = "wind", _("gale")
    HEAT = "heat", _("heat")
    FOG = "fog", _("heavy fog")
    HAIL = "hail", _("hail")
    ICE = "ice", _("icy roads")


class WarningLevel(models.TextChoices):
    BLUE = "blue", _("blue")
    YELLOW = "yellow", _("yellow")
    ORANGE = "orange", _("orange")
    RED = "red", _("red")


class Yes(models.TextChoices):
    """A question of the audience that may be left open."""

    YES = "yes", _("yes")
    NO = "no", _("no")
