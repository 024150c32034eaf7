"""What is typed of a campaign (CARE-06)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.care.campaign_choices import (
    BEGUN,
    GREETING,
    PURPOSES,
    CampaignKind,
    CampaignStatus,
    WarningLevel,
    Weather,
)
from apps.care.campaign_policy import check_text
from apps.core.errors import Refused
from apps.core.widgets import Day, MonthField

ANY = [("", _("all"))]


class CampaignFilter(forms.Form):
    """What of the campaigns is asked for; everything may be left open."""

    kind = forms.ChoiceField(
        label=_("kind"),
        required=False,
        choices=[*ANY, *CampaignKind.choices, (GREETING, _("greetings and weather notices"))],
    )
    status = forms.ChoiceField(
        label=_("status"),
        required=False,
        choices=[*ANY, *CampaignStatus.choices, (BEGUN, _("begun or finished"))],
    )
    month = MonthField(
        label=_("month"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )


class CampaignForm(forms.Form):
    """The campaign itself; its audience is a form of its own."""

    kind = forms.ChoiceField(label=_("kind"), choices=CampaignKind.choices)
    name = forms.CharField(label=_("campaign name"), max_length=80)
    send_on = forms.DateField(label=_("goes out on"), widget=Day())
    text = forms.CharField(
        label=_("text"), max_length=500, widget=forms.Textarea(attrs={"rows": 5})
    )
    provider_code = forms.RegexField(
        r"^SMS_\d{1,20}$",
        label=_("template code at the provider"),
        required=False,
        help_text=_("Aliyun sends an SMS only by a template that it has approved."),
    )

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_code:
            self.fields["provider_code"].required = True
        else:
            del self.fields["provider_code"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["text"] = data.get("text", "").replace("\r\n", "\n")
        if data["text"] and data.get("kind"):
            try:
                check_text(data["text"], PURPOSES[CampaignKind(data["kind"])])
            except Refused as refusal:
                self.add_error("text", ValidationError(str(refusal)))
        return data


class SendBackForm(forms.Form):
    reason = forms.CharField(label=_("what is to be changed"), max_length=300)


class WeatherForm(forms.Form):
    """A warning of the weather office, as it was read or heard."""

    city = forms.CharField(label=_("city"), max_length=20)
    kind = forms.TypedChoiceField(
        label=_("warning of"), choices=Weather.choices, coerce=Weather, initial=Weather.RAIN
    )
    level = forms.TypedChoiceField(
        label=_("level of the warning"),
        choices=WarningLevel.choices,
        coerce=WarningLevel,
        initial=WarningLevel.YELLOW,
    )
    on = forms.DateField(label=_("day"), widget=Day())
