"""A draft started from a PDF, TXT or HTML file."""

from __future__ import annotations

from datetime import date

import pikepdf
import pytest

from mingzheng.law.errors import Refusal
from mingzheng.publish.body.services import start_from_file

TEXT = "为做好全市防汛工作，现将有关事项通知如下，请各地各部门结合实际，认真组织实施，确保安全，并将落实情况于六月底前报送市防汛指挥部。"
PLAIN = f"""淮州市人民政府办公室文件
淮政办〔2018〕12号

淮州市人民政府办公室关于印发
防汛工作实施办法的通知

各县、区人民政府：
　　{TEXT}
　　一、总体要求
                    淮州市人民政府办公室
                        2018年3月5日
抄送：市委办公室。
"""
EM, WIDTH, LEFT, PER_LINE = 16, 595, 74, 28


def pdf(path, pages):
    """A PDF of lines; each is its text and its beginning in characters from the left, or ``None`` for the middle."""
    made = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name("/STSong-Light"),
        Encoding=pikepdf.Name("/UniGB-UCS2-H"),
        DescendantFonts=[
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType0, BaseFont=pikepdf.Name("/STSong-Light"), DW=1000,
                CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="GB1", Supplement=4),
            )
        ],
    )  # fmt: skip
    for lines in pages:
        page = made.add_blank_page(page_size=(WIDTH, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        content = []
        for number, (text, begins) in enumerate(lines):
            x = (WIDTH - len(text) * EM) / 2 if begins is None else LEFT + begins * EM
            shown = text.encode("utf-16-be").hex()
            content.append(f"BT /F {EM} Tf 1 0 0 1 {x} {760 - number * 28} Tm <{shown}> Tj ET")
        page.Contents = made.make_stream("\n".join(content).encode())
    made.save(path)


def test_lines_of_a_pdf_are_joined_across_pages_and_page_numbers_go(tmp_path):
    first = [("淮州市人民政府办公室文件", None), ("淮政办〔2018〕12号", None), ("关于做好防汛工作的", None), ("通　知", None),
             ("各县、区人民政府：", 0), (TEXT[:26], 2), (TEXT[26:54], 0), ("—1—", 12)]  # fmt: skip
    second = [
        (TEXT[54:], 0),
        ("一、总体要求", 2),
        ("淮州市人民政府办公室", 14),
        ("2018年3月5日", 15),
        ("—2—", 12),
    ]
    pdf(tmp_path / "a.pdf", [first, second])
    draft = start_from_file(tmp_path / "a.pdf", "通知.PDF")
    assert draft.title == "关于做好防汛工作的通知"
    assert (draft.doc_no, draft.issuer) == ("淮政办〔2018〕12号", "淮州市人民政府办公室")
    assert (draft.written_on, draft.addressee) == (date(2018, 3, 5), "各县、区人民政府")
    assert draft.body == (
        f'<p>各县、区人民政府：</p><p style="text-indent:2em">{TEXT}</p><p style="text-indent:2em">一、总体要求</p>'
        '<p style="text-align:right">淮州市人民政府办公室</p><p style="text-align:right">2018年3月5日</p>'
    )


def test_headers_that_every_page_repeats_go_with_a_sentence(tmp_path):
    pdf(tmp_path / "a.pdf", [[("淮州市防汛预案", 0), (TEXT[n : n + 20] + "。", 2)] for n in range(3)])
    draft = start_from_file(tmp_path / "a.pdf", "a.pdf")
    assert draft.losses == ["每页重复的页眉页脚“淮州市防汛预案”未带入正文。"]
    assert "预案" not in draft.body


def test_a_scan_is_refused(tmp_path):
    pdf(tmp_path / "a.pdf", [[]])
    with pytest.raises(Refusal, match="是扫描件"):
        start_from_file(tmp_path / "a.pdf", "a.pdf")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(Refusal, match=r"无法打开PDF文件“b\.pdf”"):
        start_from_file(tmp_path / "b.pdf", "b.pdf")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_files_keep_lines_and_indents(tmp_path, encoding):
    (tmp_path / "a.txt").write_bytes(PLAIN.encode(encoding))
    draft = start_from_file(tmp_path / "a.txt", "通知.txt")
    assert draft.title == "淮州市人民政府办公室关于印发防汛工作实施办法的通知"
    assert draft.confidence["title"] == "guessed"
    assert (draft.doc_no, draft.issuer) == ("淮政办〔2018〕12号", "淮州市人民政府办公室")
    assert (draft.written_on, draft.genre) == (date(2018, 3, 5), "notice")
    assert f'<p style="text-indent:2em">{TEXT}</p>' in draft.body
    assert '<p style="text-align:right">2018年3月5日</p>' in draft.body
    assert "抄送" not in draft.body


def test_a_page_saved_by_an_office_program_is_read(tmp_path):
    (tmp_path / "a.htm").write_text(
        "<html><head><title>x</title></head><body><div class=WordSection1><p class=MsoNormal align=center>防汛工作公告</p>"
        f"<p class=MsoNormal align=center>（2018年3月5日）</p><p class=MsoNormal style='text-indent:32pt'>{TEXT}</p>"
        "<img src='file:///C:/a.png'></div></body></html>",
        "utf-8",
    )
    draft = start_from_file(tmp_path / "a.htm", "a.htm")
    assert (draft.title, draft.genre, draft.written_on) == ("防汛工作公告", "proclamation", date(2018, 3, 5))
    assert draft.confidence["written_on"] == "guessed"
    assert draft.losses == ["第1张图片在您的电脑上，未能随文粘贴，请单独上传。"]


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        (
            f"{TEXT}\n2018年3月5日\n2018年3月6日",
            "written_on",
            "成文日期有2种写法：“2018年3月5日”、“2018年3月6日”",
        ),
        (f"{TEXT}\n2018年2月30日", "written_on", "成文日期“2018年2月30日”不是一个存在的日期"),
        (f"淮政〔2018〕1号\n淮府〔2018〕1号\n{TEXT}", "doc_no", "发文字号有2种写法"),
    ],
)
def test_what_is_not_clear_stays_empty_with_a_sentence(tmp_path, text, field, sentence):
    (tmp_path / "a.txt").write_text(text, "utf-8")
    draft = start_from_file(tmp_path / "a.txt", "a.txt")
    assert not getattr(draft, field)
    assert draft.confidence[field] == "absent"
    assert draft.losses[0].startswith(sentence)


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("关于印发《防汛办法》的通知（试行）", "notice"),
        ("关于同意某规划的批复", "reply"),
        ("关于某事的复函", "letter"),
        ("市政府第3次常务会议纪要", "minutes"),
        ("关于公开征求意见", ""),
        ("淮州市防汛办法", ""),
        ("信函", ""),
    ],
)
def test_the_last_word_of_a_title_tells_the_genre(tmp_path, title, genre):
    (tmp_path / "a.html").write_text(f"<h1>{title}</h1><p>{TEXT}</p>", "utf-8")
    draft = start_from_file(tmp_path / "a.html", "a.html")
    assert (draft.title, draft.genre) == (title, genre)


def test_empty_files_and_other_kinds_are_refused(tmp_path):
    (tmp_path / "a").write_text("<p></p>", "utf-8")
    with pytest.raises(Refusal, match=r"文件“a\.html”中没有文字"):
        start_from_file(tmp_path / "a", "a.html")
    with pytest.raises(Refusal, match="可以使用DOCX、PDF、TXT和HTML文件"):
        start_from_file(tmp_path / "a", "a.xlsx")
    (tmp_path / "b").write_bytes(b"\0\1\2")
    with pytest.raises(Refusal, match="不是文本文件"):
        start_from_file(tmp_path / "b", "b.txt")
