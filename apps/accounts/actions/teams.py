"""Teams of the sales department and who belongs to them, by day (SSI-05, SSI-07)."""

from datetime import date

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.accounts.models import Store, Team, TeamMember, User
from apps.core.actions import action
from apps.core.errors import Refused
from apps.core.moves import locked


@action
def add_team(store: Store, name: str) -> Team:
    """A new team of ``store``. Refused: a name that another team has."""
    _name_is_free(locked(store), name)
    return Team.objects.create(store=store, name=name)


@action
def rename_team(team: Team, name: str) -> Team:
    """The same team by another name, also in what was counted. Refused: as ``add_team``."""
    _name_is_free(locked(team.store), name, but=team)
    team = locked(team)
    team.name = name
    team.save(update_fields=["name"])
    return team


@action
def delete_team(team: Team) -> None:
    """Take back a team that was entered by mistake. Refused: somebody belongs or belonged to it."""
    team = locked(team)
    if TeamMember.objects.filter(team=team).exists():
        raise Refused(
            _("Somebody belongs or belonged to this team: it stays for what was counted.")
        )
    try:
        team.delete()
    except ProtectedError as failure:
        raise Refused(_("Scores were counted for this team: it stays.")) from failure


@action
def put_into_team(person: User, team: Team | None, from_on: date) -> TeamMember:
    """From this day on ``person`` belongs to ``team``, or to none any more.

    For the same day the newer word holds. What was counted by then keeps its team (SSI-07).
    Refused: a person or team of another store, somebody who was not in a team anyway.
    """
    person, team = locked(person), team and locked(team)
    if person.store is None or (team and team.store_id != person.store_id):
        raise Refused(_("The team and the person must be of the same store."))
    before = TeamMember.objects.filter(user=person, from_on__lt=from_on).first()
    there = TeamMember.objects.filter(user=person, from_on=from_on)
    if (before.team if before else None) == team and not there:
        raise Refused(_("This changes nothing: the person is in no other team before that day."))
    row, _new = TeamMember.objects.update_or_create(
        user=person, from_on=from_on, defaults={"store": person.store, "team": team}
    )
    return row


@action
def withdraw_membership(row: TeamMember, *, on: date) -> None:
    """Take back a change of team that has not begun. Refused: one that has."""
    if row.from_on <= on:
        raise Refused(_("This has begun. Enter the right team from the same day on instead."))
    locked(row).delete()


def _name_is_free(store: Store, name: str, *, but: Team | None = None) -> None:
    same = Team.objects.filter(store=store, name=name)
    if same.exclude(pk=but.pk if but else None).exists():
        raise Refused(_("There is a team of this name already."))
