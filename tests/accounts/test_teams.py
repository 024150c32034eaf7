"""Teams of the sales department, by day (SSI-05, SSI-07)."""

from datetime import date

import pytest

from apps.accounts.choices import Role
from apps.accounts.models import Team, TeamMember
from apps.accounts.queries import team_on
from tests.factories import make_user

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture
def wang(store):
    return make_user("wang", store, Role.SALES_CONSULTANT)


def belongs(user, team, day):
    return TeamMember.objects.create(store=user.store, user=user, team=team, from_on=day)


def test_the_row_that_began_last_says_the_team_of_a_day(store, wang, django_assert_num_queries):
    one, two = (Team.objects.create(store=store, name=name) for name in ("一组", "二组"))
    li = make_user("li", store, Role.SALES_CONSULTANT)
    belongs(wang, one, MAY)
    belongs(wang, two, JUNE)
    belongs(wang, None, JULY)
    belongs(li, one, JUNE)
    both = [wang.pk, li.pk]

    with django_assert_num_queries(1):
        assert team_on(both, date(2026, 5, 31)) == {wang.pk: one.pk}
    assert team_on(both, date(2026, 4, 30)) == {}
    assert team_on(both, JUNE) == {wang.pk: two.pk, li.pk: one.pk}
    assert team_on(both, JULY) == {li.pk: one.pk}
    assert team_on([li.pk], JUNE) == {li.pk: one.pk}
    assert team_on([], JUNE) == {}
