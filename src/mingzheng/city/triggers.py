"""Columns that the database itself refuses to change, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations import RunPython


def _create(table: str, columns: list[str], sentence: str) -> Any:
    changed = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in columns)
    distinct = " OR ".join(f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in columns)
    name = f"{table}_frozen"

    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" WHEN {changed} '
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
            return
        schema_editor.execute(
            f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
        )
        schema_editor.execute(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW '
            f'WHEN ({distinct}) EXECUTE FUNCTION "{name}"()'
        )

    return run


def _drop(table: str) -> Any:
    name = f"{table}_frozen"

    def run(apps: Any, schema_editor: Any) -> None:
        on = f' ON "{table}"' if schema_editor.connection.vendor != "sqlite" else ""
        schema_editor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')
        if on:
            schema_editor.execute(f'DROP FUNCTION IF EXISTS "{name}"()')

    return run


def freeze_columns(table: str, columns: list[str], sentence: str) -> RunPython:
    """A migration operation: after it, no statement changes ``columns`` of an existing row of ``table``."""
    return RunPython(_create(table, columns, sentence), _drop(table))
