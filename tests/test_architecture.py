"""The rules of the house that a machine can check."""

import ast
import re
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db.models import ForeignKey
from django.template import TemplateSyntaxError
from django.template.loader import get_template

from apps.customers.models import Customer
from apps.desk import merging
from tests import messages

ROOT = Path(__file__).resolve().parent.parent
WRITES = {
    "save",
    "create",
    "delete",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "select_for_update",
}
QUIET = ("views", "tasks", "policy", "queries", "figures", "forms")
QUIET_MODULES = sorted(
    path
    for name in QUIET
    for path in [*ROOT.glob(f"apps/*/{name}.py"), *ROOT.glob(f"apps/*/{name}/**/*.py")]
)
MODULES = sorted(path for path in ROOT.glob("apps/**/*.py") if "migrations" not in path.parts)
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']?post\b.*?</form>", re.IGNORECASE | re.DOTALL)
INLINE = {
    "a style attribute": re.compile(r"<[^>{%]*\sstyle\s*=", re.IGNORECASE),
    "a handler attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script\b(?![^>]*\b(?:src|type=\"application/json\")\b)", re.IGNORECASE
    ),
    "something from another host": re.compile(r"(?:src|href)=[\"']https?://", re.IGNORECASE),
}


def _faults(paths, look):
    """What ``look`` finds in each file; the test fails with all of them at once."""
    found = {path.relative_to(ROOT).as_posix(): look(path) for path in paths}
    return {name: faults for name, faults in found.items() if faults}


def _calls(path):
    nodes = ast.walk(ast.parse(path.read_text()))
    return [node for node in nodes if isinstance(node, ast.Call)]


def _is_write(call):
    """``rows.update(name=value)`` writes; ``words.update(other)`` is a dict."""
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return method in WRITES or (method == "update" and not call.args and bool(call.keywords))


def test_only_actions_write():
    def look(path):
        return [ast.unparse(call) for call in _calls(path) if _is_write(call)]

    assert _faults(QUIET_MODULES, look) == {}


def test_only_views_tasks_and_commands_ask_the_clock():
    def look(path):
        return [
            ast.unparse(call)
            for call in _calls(path)
            if re.fullmatch(
                r"(timezone|datetime|date)\.(now|today|utcnow|localdate)\(\)|"
                r"timezone\.(localtime|localdate)\(\)",
                ast.unparse(call),
            )
        ]

    may = {"views", "tasks", "commands", "health", "once", "middleware", "menu"}
    assert _faults([p for p in MODULES if not may & {*p.parts, p.stem}], look) == {}


def test_everything_is_short_enough_to_read():
    def look(path):
        nodes = ast.walk(ast.parse(path.read_text()))
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
        faults = [f.name for f in functions if f.end_lineno - f.lineno >= 40]
        lines = len(path.read_text().splitlines())
        return faults + ([f"{lines} lines"] if lines > 400 else [])

    assert _faults(MODULES, look) == {}
    assert _faults(TEMPLATES, lambda path: len(path.read_text().splitlines()) > 120) == {}


def test_every_template_compiles():
    def look(path):
        try:
            get_template(path.relative_to(ROOT / "templates").as_posix())
        except TemplateSyntaxError as fault:
            return str(fault)

    assert _faults(TEMPLATES, look) == {}


def test_every_form_that_writes_carries_a_token():
    """Some carry the CSRF token only, for what they do may be done twice: the floor of
    accounts lies below the form tokens of audit, and each look at a number and each export is
    noted anew (SEC-01); a tick at the door says what is so, not that it changes. A customer's
    own page has no cookie to guard: its forms carry the signed version of what he looked at.
    """

    def look(path):
        bare = [form for form in FORM.findall(path.read_text()) if "{% form_token %}" not in form]
        twice = (
            "account(s:|_)|customers:number-show|desk:(export|request-data)|care:participant-attend"
        )
        own = re.compile(rf"action=.\{{% url '({twice})")
        signed = '<input type="hidden" name="form" value="{{ form }}">'
        customers_own = path.stem in ("my_appointment", "my_survey")
        bare = [form for form in bare if not customers_own or signed not in form]
        return [
            form
            for form in bare
            if "{% csrf_token %}" not in form
            or not ({"account", "accounts"} & set(path.parts) or own.search(form))
        ]

    assert _faults(TEMPLATES, look) == {}


def test_templates_hold_nothing_that_the_content_policy_forbids():
    def look(path):
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(), flags=re.DOTALL)
        return [fault for fault, pattern in INLINE.items() if pattern.search(text)]

    assert _faults(TEMPLATES, look) == {}


def test_every_static_file_of_a_template_is_served():
    def look(path):
        named = re.findall(r"\{% static ['\"]([^'\"]+)['\"] %\}", path.read_text())
        return [name for name in named if finders.find(name) is None]

    assert _faults(TEMPLATES, look) == {}


def test_the_content_policy_allows_our_own_files_only():
    allowed = set().union(*settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values())
    assert allowed == {"'self'", "'none'", "data:"}


def test_everything_on_the_clock_is_a_task():
    current_app.loader.import_default_modules()
    wanted = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert {"desk.heartbeat"} <= wanted <= set(current_app.tasks)


def test_a_killed_worker_loses_no_task():
    celery = current_app.conf
    assert celery.task_acks_late and celery.task_reject_on_worker_lost
    assert celery.worker_prefetch_multiplier == 1
    assert celery.task_ignore_result and celery.result_backend is None
    assert celery.task_time_limit < celery.broker_transport_options["visibility_timeout"]
    assert celery.broker_transport_options["unacked_restore_interval"] == 5


def test_no_lock_file_names_a_host():
    locks = [ROOT / "package-lock.json", *ROOT.glob("requirements*.txt")]
    assert [lock.name for lock in locks if '"resolved"' in lock.read_text()] == []
    assert [lock.name for lock in locks[1:] if "://" in lock.read_text()] == []


def test_every_text_is_there_in_chinese():
    assert messages.faults() == []


@pytest.mark.django_db
def test_every_model_change_has_a_migration():
    call_command("makemigrations", "--check", "--dry-run")


def test_every_link_to_a_customer_is_moved_by_a_merge():
    """A table that points at a customer must stand in ``LINKS`` of its app's ``people.py``, whose
    ``repoint`` gives its rows to the record that is kept (CUS-04)."""
    known = {link for floor in merging.FLOORS for link in floor.LINKS}
    history = {link for floor in merging.FLOORS for link in getattr(floor, "HISTORY", ())}
    found = {
        (model, field.name)
        for model in apps.get_models()
        if not hasattr(model, "pgh_tracked_model")
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Customer
    }

    assert found == known | history
