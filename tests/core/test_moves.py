import pytest
from django.db import connection, models
from django.utils.translation import override

from apps.accounts.models import Store
from apps.core.errors import Refused
from apps.core.moves import advance, locked, sweep


class Light(models.TextChoices):
    RED = "red", "red"
    GREEN = "green", "green"


class Signal:
    MOVES = {Light.RED: {Light.GREEN}}

    class _meta:
        verbose_name = "signal"

    def __init__(self, status):
        self.status = status


def test_a_status_takes_a_step_that_its_table_has():
    signal = Signal("red")
    advance(signal, Light.GREEN)
    assert signal.status == Light.GREEN


def test_a_step_that_the_table_has_not_is_refused_in_words_and_changes_nothing():
    signal = Signal("green")
    with override("en"), pytest.raises(Refused) as refused:
        advance(signal, Light.RED)
    assert str(refused.value) == "This signal is green, so it cannot become red."
    assert signal.status == "green"


def test_a_locked_row_is_read_again(store):
    Store.objects.filter(pk=store.pk).update(city="苏州")
    assert store.city == "上海"
    assert locked(store).city == "苏州"


def test_one_bad_row_does_not_hold_up_a_sweep(store, other_store):
    def change(row):
        if row.pk == store.pk:
            raise ValueError("broken")
        row.city = "南京"
        row.save(update_fields=["city"])

    with pytest.raises(ExceptionGroup) as failed:
        sweep(Store.objects.order_by("pk"), change)

    other_store.refresh_from_db()
    assert other_store.city == "南京"
    assert failed.value.exceptions[0].__notes__ == [f"accounts.Store {store.pk}"]


def test_a_row_that_changed_meanwhile_is_left_alone(store, other_store):
    """The second row leaves the query while the first is worked on."""

    def change(row):
        Store.objects.filter(city="上海").exclude(pk=row.pk).update(city="elsewhere")
        row.city = "done"
        row.save(update_fields=["city"])

    Store.objects.update(city="上海")
    assert sweep(Store.objects.filter(city="上海").order_by("pk"), change) == 1
    assert sorted(Store.objects.values_list("city", flat=True)) == ["done", "elsewhere"]


@pytest.mark.django_db(transaction=True)
def test_a_sweep_passes_over_a_row_that_somebody_holds():
    held = Store.objects.create(code="A", name="A")
    free = Store.objects.create(code="B", name="B")
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT FROM accounts_store WHERE id = %s FOR UPDATE", [held.pk])
        seen = []
        assert sweep(Store.objects.order_by("pk"), lambda row: seen.append(row.pk)) == 1
        assert seen == [free.pk]
    finally:
        other.rollback()
        other.close()
