"""Gateways that misbehave, for the tests of sending."""

import time

from apps.messaging.backends import FileBackend, NotTaken, Rejected


class Killed(BaseException):
    """What kill -9 looks like from inside: nothing runs after it."""


class KilledAfterSending(FileBackend):
    def send(self, message):
        super().send(message)
        raise Killed


class KilledBeforeSending(FileBackend):
    def send(self, message):
        raise Killed


class TimesOutAfterSending(FileBackend):
    def send(self, message):
        super().send(message)
        raise TimeoutError("no answer")


class Mute(FileBackend):
    """Takes everything, answers nothing, and cannot be asked."""

    def send(self, message):
        raise TimeoutError("no answer")

    def lookup(self, message, *, now):
        return None


class Down(FileBackend):
    def send(self, message):
        raise NotTaken("connection refused")


class Strict(FileBackend):
    def send(self, message):
        raise Rejected("number on the black list")


class Slow(FileBackend):
    """Takes its time, as a provider does: what happens meanwhile can be seen."""

    def send(self, message):
        time.sleep(0.003)
        return super().send(message)
