"""``mingzheng docno`` prints what it read and its exit status tells whether all was understood."""

import argparse
import io
import json

import pytest

from mingzheng.law import docno_command


@pytest.fixture
def docno():
    parser = argparse.ArgumentParser()
    docno_command.register(parser.add_subparsers())

    def run(*words):
        arguments = parser.parse_args(["docno", *words])
        return arguments.run(arguments)

    return run


def test_json_has_one_object_per_text(docno, capsys):
    assert docno("淮政办秘〔2018108号", "国发[2018]3号、国办发〔2018〕4号", "--json") == 0
    lost, joint = json.loads(capsys.readouterr().out)
    assert lost == {
        "text": "淮政办秘〔2018108号",
        "numbers": [
            {
                "normal": "淮政办秘〔2018〕108号",
                "agency": "淮政办秘",
                "year": 2018,
                "serial": 108,
                "form": "code",
                "status": "repaired",
                "repairs": [
                    {
                        "code": "right-bracket-lost",
                        "message": "年份后的右括号缺失，年份按四位数字截取，请核对序号",
                    }
                ],
                "raw": "淮政办秘〔2018108号",
            }
        ],
        "status": "repaired",
    }
    assert [number["normal"] for number in joint["numbers"]] == ["国发〔2018〕3号", "国办发〔2018〕4号"]
    assert joint["status"] == "normalised"  # the worst of its numbers


def test_unreadable_text_is_a_finding(docno, capsys):
    assert docno("国发〔2018〕3号", "内司通〔2015〕号") == 1
    assert capsys.readouterr().out.splitlines() == [
        "国发〔2018〕3号\t规范",
        "内司通〔2015〕号\t无法识别\t缺少序号，无法确认发文字号",
    ]


def test_lines_come_from_standard_input(docno, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("国发[2018]3号\n\n国办发〔2018〕4号\n"))
    assert docno() == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == [
        "国发〔2018〕3号",
        "国办发〔2018〕4号",
    ]


def test_blank_text_is_a_finding(docno, capsys):
    assert docno("", "--json") == 1
    assert json.loads(capsys.readouterr().out) == [{"text": "", "numbers": [], "status": "unparsed"}]
