"""Brings the database to the version of the program."""

from __future__ import annotations

from typing import Final

from django.core.management import call_command

# Wagtail's long history first: each of its steps is drawn up against all models that are there already, and against
# fewer of them it takes half the time on an empty database.
_FIRST: Final = ("wagtailcore", "wagtailusers", "wagtailimages", "wagtaildocs", "wagtailembeds")


def bring_up_to_date() -> None:
    """Apply what is missing; does nothing when nothing is."""
    for app in _FIRST:
        call_command("migrate", app, verbosity=0)
    call_command("migrate", verbosity=0)
