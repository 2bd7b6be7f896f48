"""Rows and columns that the database itself refuses to change, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import RunPython


def freeze_columns(table: str, columns: list[str], sentence: str) -> RunPython:
    """A migration operation: after it, no statement changes ``columns`` of an existing row of ``table``."""

    def condition(unequal: str) -> str:
        return " OR ".join(f'OLD."{column}" {unequal} NEW."{column}"' for column in columns)

    def create(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        _create(editor, table, "UPDATE", condition(_unequal(editor)), sentence)

    return RunPython(create, lambda apps, editor: _drop(editor, table, "UPDATE"))


def forbid_changes(table: str, sentence: str) -> RunPython:
    """A migration operation: after it, rows of ``table`` can be added, and neither changed nor deleted."""

    def create(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for verb in ("UPDATE", "DELETE"):
            _create(editor, table, verb, "1 = 1", sentence)

    def drop(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for verb in ("UPDATE", "DELETE"):
            _drop(editor, table, verb)

    return RunPython(create, drop)


def _unequal(editor: BaseDatabaseSchemaEditor) -> str:
    return "IS NOT" if editor.connection.vendor == "sqlite" else "IS DISTINCT FROM"


def _name(table: str, verb: str) -> str:
    return f"{table}_no_{verb.lower()}"


def _create(editor: BaseDatabaseSchemaEditor, table: str, verb: str, condition: str, sentence: str) -> None:
    name = _name(table, verb)
    if editor.connection.vendor == "sqlite":
        editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" WHEN {condition} '
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    editor.execute(
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    editor.execute(
        f'CREATE TRIGGER "{name}" BEFORE {verb} ON "{table}" FOR EACH ROW '
        f'WHEN ({condition}) EXECUTE FUNCTION "{name}"()'
    )


def _drop(editor: BaseDatabaseSchemaEditor, table: str, verb: str) -> None:
    name = _name(table, verb)
    if editor.connection.vendor == "sqlite":
        editor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        return
    editor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
    editor.execute(f'DROP FUNCTION IF EXISTS "{name}"()')
