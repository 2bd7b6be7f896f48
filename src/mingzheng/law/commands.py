"""Commands of the law room: ``deadline``, ``calendar`` and ``docno``. None of them needs a database."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from mingzheng.law import calendar_command, deadline_command, docno_command

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def register(commands: Commands) -> None:
    """Add the room's commands to the console script."""
    deadline_command.register(commands)
    calendar_command.register(commands)
    docno_command.register(commands)
