import pghistory.models
import pytest
from django.db import connection

from apps.accounts import actions as accounts
from apps.core.actions import action


@action
def rename(store, name, *, fail=False):
    store.name = name
    store.save(update_fields=["name"])
    if fail:
        raise ValueError("too late")


def test_an_action_is_all_or_nothing(store):
    with pytest.raises(ValueError, match="too late"):
        rename(store, "new name", fail=True)
    store.refresh_from_db()
    assert store.name == "上海演示店"


def test_the_history_of_a_change_carries_the_name_of_its_action(store):
    rename(store, "new name")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.name, c.metadata->>'action' FROM accounts_storeevent e"
            " JOIN pghistory_context c ON c.id = e.pgh_context_id WHERE e.pgh_obj_id = %s",
            [store.pk],
        )
        assert cursor.fetchall() == [("上海演示店", "core.rename")]


@action
def rename_twice(store):
    rename(store, "inner")
    store.name = "outer"
    store.save(update_fields=["name"])


def test_what_an_action_calls_is_kept_under_the_name_of_the_outer_action(store):
    rename_twice(store)
    kept = pghistory.models.Events.objects.tracks(store).order_by("pgh_created_at", "pgh_slug")
    assert sorted(event.pgh_data["name"] for event in kept) == ["inner", "上海演示店"]
    assert {event.pgh_context["action"] for event in kept} == {"core.rename_twice"}


def test_a_refused_action_leaves_the_next_one_its_own_name(store):
    with pytest.raises(ValueError, match="too late"):
        rename(store, "x", fail=True)
    rename_twice(store)
    event = pghistory.models.Events.objects.tracks(store).first()
    assert event.pgh_context["action"] == "core.rename_twice"


def test_a_change_by_raw_sql_is_kept_too(store):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_store SET name = 'raw' WHERE id = %s", [store.pk])
    assert pghistory.models.Events.objects.tracks(store).get().pgh_data["name"] == "上海演示店"


def test_an_action_keeps_its_own_name_and_words():
    assert accounts.add_store.__name__ == "add_store"
    assert accounts.add_store.__doc__
