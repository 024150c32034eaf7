"""Addresses under ``/penalties/``."""

from typing import Any

from django.urls import path

from apps.penalties.views import greetings, rules

app_name = "penalties"

urlpatterns: list[Any] = [
    # the regulation and its numbers
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:clause>/new/", rules.rule_new, name="rule-new"),
    path("numbers/", rules.numbers, name="numbers"),
    path("numbers/new/", rules.numbers_new, name="numbers-new"),
    path("greetings/", greetings.greetings, name="greetings"),
    path("greetings/new/", greetings.greeting_new, name="greeting-new"),
]
