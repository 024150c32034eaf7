"""How allauth behaves here: people are entered by their manager, nobody signs up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by user name and password, and nothing else."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def set_password(self, user: Any, password: str) -> None:
        user.password_is_temporary = False
        super().set_password(user, password)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return []


def name_that_signs_in(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Under which name wrong passwords are counted: as allauth finds it, whatever its case."""
    found = (credentials or {}).get("username") or request.POST.get("login", "")
    return str(found).lower()
