from django.db import connection

from apps.core.checks import chinese_can_be_searched


def test_our_own_database_knows_chinese(db):
    assert chinese_can_be_searched(databases=["default"]) == []
    assert chinese_can_be_searched(databases=None) == []


def test_a_database_without_chinese_letters_is_refused_with_advice(db, monkeypatch):
    class Plain:
        def cursor(self):
            return self

        def __enter__(self):
            return self

        def __exit__(self, *args):
            return None

        def execute(self, sql):
            return None

        def fetchone(self):
            return ("UTF8", "C", "c", True)

    monkeypatch.setattr("apps.core.checks.connections", {"default": Plain()})
    (fault,) = chinese_can_be_searched(databases=["default"])
    assert fault.id == "core.E001"
    assert "ctype C;" in fault.msg
    assert "LOCALE 'C.UTF-8'" in fault.hint
    assert connection.vendor == "postgresql"
