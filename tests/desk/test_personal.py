"""Every floor says what it keeps of a person; a new column cannot be forgotten (SEC-02)."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models import Store, User
from apps.customers.models import Customer
from apps.desk.words import FLOORS, searched, typed_columns

FILES = (models.UUIDField, models.BinaryField, models.FileField)


def reachable():
    """The models whose rows lead to a customer by foreign keys, however far."""
    found = {Customer}
    while True:
        more = {
            model
            for model in apps.get_models()
            if model not in found | {User, Store}
            and not hasattr(model, "pgh_tracked_model")
            and any(field.related_model in found for field in model._meta.concrete_fields)
        }
        if not more:
            return found
        found |= more


def telling(model):
    """The columns of a model that could tell of a person."""
    files = {field.name for field in model._meta.concrete_fields if isinstance(field, FILES)}
    return {field.name for field in typed_columns(model)} | files


def declared():
    """(model, column) of what the floors say they blank, and of what they say tells nothing."""
    blanked = {
        (personal.model, column)
        for floor in FLOORS
        for personal in floor.PERSONAL
        for column in personal.columns
    }
    plain = {
        (model, column)
        for floor in FLOORS
        for model, columns in floor.PLAIN.items()
        for column in columns.split()
    }
    return blanked, plain


def undeclared():
    blanked, plain = declared()
    return {
        f"{model._meta.label}.{column}"
        for model in reachable()
        for column in telling(model)
        if (model, column) not in blanked | plain
    }


def test_every_column_that_could_tell_of_a_customer_is_declared():
    """Add it to ``PERSONAL`` of its app's ``people.py``, or to ``PLAIN`` when nobody is told of
    in it."""
    assert undeclared() == set()
    assert len(reachable()) > 40


def test_a_forgotten_column_is_told(monkeypatch):
    """The control."""
    customers = FLOORS[-1]
    kept = [row for row in customers.PERSONAL if row.model is not Customer]
    monkeypatch.setattr(customers, "PERSONAL", kept)

    assert {"customers.Customer.name", "customers.Customer.address"} <= undeclared()


def test_what_is_declared_is_there(db):
    """Columns and ways to the customer are those of the models."""
    blanked, plain = declared()
    for model, column in blanked | plain:
        model._meta.get_field(column)
    for floor in FLOORS:
        for personal in floor.PERSONAL:
            assert not personal.rows([1]).exists()


def test_nothing_is_blanked_and_plain_at_once():
    blanked, plain = declared()
    both = {f"{model._meta.label}.{column}" for model, column in blanked & plain}
    assert both == {"care.Call.proof"}  # only a reason in it is somebody's words


def test_every_other_text_of_the_house_is_searched():
    """But what tells whom a row is about: of others it is theirs."""
    looked = {(model, column) for model, columns in searched() for column in columns}
    left = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
        for field in typed_columns(model)
        if (model, field.name) not in looked
    }
    people = {name for name in left if not name.startswith("accounts.")}
    assert people == {
        f"{model}.{name}"
        for model, names in {
            "customers.Customer": "name main_phone email contact_name initials also_named"
            " id_number_sealed id_number_hash",
            "customers.CustomerEvent": "name main_phone email contact_name also_named"
            " id_number_sealed id_number_hash",
            "customers.ContactNumber": "number",
            "customers.ContactNumberEvent": "number",
            "exchange.TakenRow": "key vals",
            "exchange.Difference": "ours theirs",
        }.items()
        for name in names.split()
    }


def test_arrays_of_words_are_columns_that_can_hold_words():
    field = Customer._meta.get_field("also_named")
    assert isinstance(field, ArrayField)
    assert field in typed_columns(Customer)
