"""What holds for the whole program: migrations match the models, every command explains itself."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from mingzheng.cli import COMMAND_MODULES, build_parser, main


def test_the_migrations_describe_the_models(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def commands() -> list[str]:
    [subparsers] = [action for action in build_parser()._actions if action.dest == "command"]
    return sorted(subparsers.choices)


@pytest.mark.parametrize("command", commands())
def test_every_command_explains_itself_in_chinese(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert any("\u4e00" <= mark <= "\u9fff" for mark in capsys.readouterr().out)


def test_every_room_with_commands_is_wired():
    assert len(COMMAND_MODULES) == len(set(COMMAND_MODULES))
    assert len(commands()) >= len(COMMAND_MODULES)
