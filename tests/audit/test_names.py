"""The history speaks the reader's language: no action shows the name of its function, no column
that of its field (SEC-04)."""

import ast
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from apps.audit.choices import COLUMNS
from apps.audit.names import ACTIONS
from apps.audit.queries import SEALED, column_name, tracked_models


def actions():
    """``app.verb`` of every function under ``@action``, as ``core.actions`` writes it."""
    for path in Path(settings.BASE_DIR, "apps").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(mark, ast.Name) and mark.id == "action" for mark in node.decorator_list
            ):
                app = path.relative_to(Path(settings.BASE_DIR, "apps")).parts[0]
                yield f"{app}.{node.name.lstrip('_')}"


def test_every_action_has_a_name_in_the_history():
    found = set(actions())

    assert len(found) > 50
    assert found - set(ACTIONS) == set()
    assert set(ACTIONS) - found == set()


def test_every_column_of_the_history_has_a_chinese_name():
    kept, unnamed = set(), set()
    for model in tracked_models():
        events = {field.name for field in model.pgh_event_model._meta.fields}
        for field in model._meta.concrete_fields:
            if field.name in events and not field.primary_key:
                kept.add(field.name)
                with override("zh-hans"):
                    if column_name(field).replace("VIN", "").replace("ID", "").isascii():
                        unnamed.add(f"{model._meta.label}.{field.name}")

    assert len(kept) > 100
    assert unnamed == {f"customers.Customer.{name}" for name in SEALED}  # shown as one
    assert set(COLUMNS) - kept == set()
