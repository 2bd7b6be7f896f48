"""What is sent to the desk by mistake or in bad faith: refused in a Chinese sentence, and nothing is half-written."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook
from tests.office.test_every_address import addresses, fill, inner, sign_in, world  # noqa: F401
from tests.office.test_importing import GOOD, send, template_of
from tests.office.test_importing import fill as filled

from mingzheng.city import services as people
from mingzheng.city.models import AuditEntry, Membership
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items.models import Item
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript, ManuscriptFile

CHINESE = re.compile(r"[一-鿿]{4,}[^<>]*。")
START, IMPORT = "/office/manuscripts/start/", "/office/manuscripts/import/"
MB = 2**20


@pytest.fixture
def client(catalogue):
    return sign_in(catalogue.people["czj-writer"])


@pytest.fixture
def manuscript(catalogue):
    made = services.start(
        catalogue.people["czj-writer"], catalogue.units["czj"], column=column_by_code("TZ01"),
        title="关于召开会议的通知", body="<p>定于周五召开。</p>",
    )  # fmt: skip
    made.save_revision(user=catalogue.people["czj-writer"])
    return made


def kept():
    """Everything that a request could have left behind."""
    return (
        list(Manuscript.objects.order_by("pk").values()),
        list(ManuscriptFile.objects.values_list("key", flat=True)),
        list(Item.objects.order_by("pk").values_list("pk", "status", "title")),
        AuditEntry.objects.count(),
    )


def told(answer) -> str:
    return re.sub(r"<(script|style|template).*?</\1>", "", answer.getvalue().decode(), flags=re.S)


def named(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def package(parts) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def word(**more) -> bytes:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Override PartName="/word/document.xml" ContentType="{}"/></Types>'
    )
    main = (
        "application/vnd.ms-word.document.macroEnabled.main+xml"
        if "word/vbaProject.bin" in more
        else "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    )
    return package(
        {
            "[Content_Types].xml": types.format(main),
            "_rels/.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
            ),
            "word/document.xml": (
                '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                "<w:body><w:p><w:r><w:t>关于召开会议的通知</w:t></w:r></w:p></w:body></w:document>"
            ),
            **more,
        }
    )


class Sparse:
    """A body as long as it says, whose middle is made while it is read."""

    def __init__(self, before: bytes, size: int, after: bytes) -> None:
        self.pieces = [before, size, after]
        self.readline = self.read
        self.length, self.read_so_far = len(before) + size + len(after), 0

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > MB:
            size = MB
        while self.pieces:
            piece = self.pieces[0]
            if isinstance(piece, int):
                out, rest = b"\0" * min(size, piece), max(0, piece - size)
            else:
                out, rest = piece[:size], piece[size:]
            if rest:
                self.pieces[0] = rest
            else:
                self.pieces.pop(0)
            if out:
                self.read_so_far += len(out)
                return out
        return b""


def send_huge(client, path, name, fields=(), size=200 * MB):
    """Send a file of 200 MB as a browser would: in one stream; how much was read, and held in memory at once."""
    edge = "edge-edge"
    before = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields
    )
    before += f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    before += "Content-Type: application/octet-stream\r\n\r\n"
    body = Sparse(before.encode(), size, f"\r\n--{edge}--\r\n".encode())
    client.get("/office/")  # whatever the first request of a process loads is not the file's fault
    tracemalloc.start()
    answer = client.generic(
        "POST", path, b"", **{
            "wsgi.input": body, "CONTENT_LENGTH": str(body.length),
            "CONTENT_TYPE": f"multipart/form-data; boundary={edge}",
        },
    )  # fmt: skip
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return answer, body.read_so_far, peak


@pytest.mark.parametrize(
    ("address", "name", "fields"),
    [
        ("/office/manuscripts/{pk}/files/", "附件.pdf", []),
        ("/office/manuscripts/{pk}/files/", "图.png", [("inline", "1")]),
        (START, "底稿.docx", [("title", "")]),
        (IMPORT, "表.xlsx", []),
        ("/office/manuscripts/edit/{pk}/", "附件.pdf", [("title", "改过")]),
        ("/office/signin/login/", "附件.pdf", []),
    ],
)
def test_two_hundred_megabytes_are_refused_before_they_are_read(client, manuscript, address, name, fields):
    before = kept()
    answer, read, peak = send_huge(client, address.format(pk=manuscript.pk), name, fields)
    assert answer.status_code == 413
    assert len(re.findall("上限|不得超过", told(answer))) == 1
    assert CHINESE.search(told(answer))
    assert read == 0
    assert peak < 20 * MB
    assert kept() == before


def test_a_script_of_the_page_is_told_in_its_own_way(client, manuscript):
    path = f"/office/manuscripts/{manuscript.pk}/files/"
    client.defaults["HTTP_ACCEPT"] = "application/json"
    answer, _, _ = send_huge(client, path, "附件.pdf")
    assert answer.status_code == 413
    assert "不得超过200MB" in answer.json()["error"]


def test_a_large_attachment_goes_through_the_disk_and_is_refused_by_its_kind(client, manuscript):
    before = kept()
    client.defaults["HTTP_ACCEPT"] = "application/json"
    path = f"/office/manuscripts/{manuscript.pk}/files/"
    answer, read, peak = send_huge(client, path, "附件.txt", size=60 * MB)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith("。")
    assert read > 60 * MB
    assert peak < 20 * MB
    assert kept() == before


BOMB = package({"word/document.xml": b"\0" * (40 * MB)})
SHEET_BOMB = package(
    {"[Content_Types].xml": "", "xl/workbook.xml": "", "xl/worksheets/sheet1.xml": b" " * (40 * MB)}
)
PROGRAM = b"MZ\x90\x00\x03" + b"\0" * 58 + b"\x80" + b"\0" * 63 + b"PE\0\0" + b"\0" * 500
BAD_FILES = {
    "zip bomb as docx": (word(**{"word/media/image1.bmp": b"\0" * (40 * MB)}), "通知.docx"),
    "zip bomb as xlsx": (SHEET_BOMB, "表.xlsx"),
    "program as pdf": (PROGRAM, "通知.pdf"),
    "program as docx": (PROGRAM, "通知.docx"),
    "program as png": (PROGRAM, "图.png"),
    "macros as docx": (word(**{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 600}), "通知.docx"),
    "html as pdf": (b"<html><script>alert(1)</script></html>", "通知.pdf"),
    "empty": (b"", "通知.pdf"),
    "no name": (b"%PDF-1.7", "\u202e. ."),
}


@pytest.mark.parametrize("which", BAD_FILES)
@pytest.mark.parametrize("way", ["attachment", "image", "start", "import"])
def test_a_dangerous_file_is_refused_in_one_sentence(catalogue, client, manuscript, which, way):
    content, name = BAD_FILES[which]
    before, unit = kept(), catalogue.units["czj"].pk
    if way in ("attachment", "image"):
        answer = client.post(
            f"/office/manuscripts/{manuscript.pk}/files/",
            {"file": named(content, name), "inline": "1" if way == "image" else ""},
            headers={"accept": "application/json"},
        )
        assert answer.status_code == 400
        assert re.search(r"[一-鿿]{4,}.*。$", answer.json()["error"])
    else:
        path = START if way == "start" else IMPORT
        answer = client.post(path, {"unit": unit, "title": "", "file": named(content, name)})
        assert answer.status_code in (200, 400)
        if way == "start" or answer.context.get("form"):
            [sentence] = answer.context["form"].errors["file"]
            assert sentence.endswith("。")
    assert kept() == before


ACTIVE = (
    '<p onclick="alert(1)">甲</p><script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">乙</a>'
    '<a href=" java&#9;script:void(2)">丙</a><svg onload=alert(1)><script>alert(1)</script></svg>'
    "<style>p{background:url(http://evil.example/a)}</style><p style=\"background:url('http://evil.example/b')\">丁</p>"
    '<iframe src="//evil.example"></iframe><math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>'
    '<a href="data:text/html,<script>alert(1)</script>">戊</a><form action="//evil.example"><input name=a></form>'
    '<meta http-equiv=refresh content="0;url=//evil.example"><base href="//evil.example/"><object data=x></object>'
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">己</p></noscript><p>正文留下。</p>'
)
LIVE = re.compile(
    r"<script|on\w+\s*=|java\s*script:|<svg|<style|url\(|evil|<iframe|<form|<input|<meta|<base|<object|data:",
    re.I,
)


def edit(client, manuscript, **given):
    return client.post(
        f"/office/manuscripts/edit/{manuscript.pk}/",
        {
            "title": manuscript.title,
            "body": manuscript.body,
            "column": manuscript.column_id,
            "openness": "proactive",
        }
        | given,
    )


def test_nothing_active_survives_in_a_text(catalogue, client, manuscript):
    edit(client, manuscript, body=ACTIVE)
    manuscript.refresh_from_db()
    assert "正文留下。" in manuscript.body
    assert LIVE.findall(manuscript.body) == []
    shown = client.get(f"/office/manuscripts/{manuscript.pk}/preview/").content.decode()
    assert "正文留下。" in shown
    assert "alert(1)" not in shown
    assert "evil" not in shown
    read = client.get(f"/office/manuscripts/inspect/{manuscript.pk}/").content.decode()
    assert "alert(1)" not in read.replace("&lt;", "")
    assert "evil" not in read
    services.save(catalogue.people["czj-writer"], manuscript)
    draft = services.as_draft(manuscript)
    item = catalogue.publish(catalogue.people["office"], draft)
    assert LIVE.findall(item.body) == []


def test_a_row_for_a_foreign_unit_is_not_taken(catalogue, client):
    before = Manuscript.objects.count()
    answer = send(client, catalogue, filled(template_of(client), GOOD | {"单位": "河西县人民政府"}))
    assert "该行的单位是“河西县人民政府”，不是所选的“示范市财政局”" in told(answer)
    answer = send(client, catalogue, filled(template_of(client), GOOD), "hexi")
    assert answer.context["form"].errors["unit"]
    assert Manuscript.objects.count() == before


def test_signs_that_no_page_can_carry_are_refused_in_their_row(catalogue, client):
    rows = [GOOD | {"标题": f"通知{sign}甲"} for sign in ("_xD800_", "_x0000_", "_x000B_", "_xFFFE_", "😀𠮷")]
    answer = send(client, catalogue, filled(template_of(client), *rows))
    assert answer.status_code == 200
    for title in Manuscript.objects.values_list("title", flat=True):
        assert not re.search("[\x00-\x08\x0b\ud800-\udfff\ufffe]", title)


def test_an_operator_whose_grant_ended_yesterday_is_outside(catalogue, manuscript):
    today = timezone.localdate()
    operator = people.create_person(None, username="yunwei", name="运维", password=None)
    people.grant(
        None, operator, "operator", catalogue.units["czj"], starts_on=today - timedelta(days=9),
        ends_on=today + timedelta(days=1),
    )  # fmt: skip
    client = sign_in(operator)
    assert client.get(f"/office/manuscripts/edit/{manuscript.pk}/").status_code == 200
    Membership.objects.filter(person=operator).update(ends_on=today - timedelta(days=1))
    before = kept()
    sent = edit(client, manuscript, title="偷换")
    assert sent.status_code == 403
    assert CHINESE.search(told(sent))
    assert kept()[:3] == before[:3]
    other = sign_in(operator)
    opened = other.get(f"/office/manuscripts/edit/{manuscript.pk}/")
    assert opened.status_code == 403
    assert CHINESE.search(told(opened))


@pytest.mark.parametrize("lost", ["logout", "flushed"])
def test_what_is_sent_after_the_session_writes_nothing_and_leads_to_sign_in(client, manuscript, lost):
    if lost == "logout":
        client.logout()
    else:
        client.session.flush()
    before = kept()
    for path in (f"/office/manuscripts/edit/{manuscript.pk}/", START, IMPORT,
                 f"/office/manuscripts/{manuscript.pk}/act/drop/", f"/office/manuscripts/{manuscript.pk}/files/"):  # fmt: skip
        answer = client.post(path, {"title": "偷换", "body": "<p>偷换</p>"})
        assert answer.status_code == 302, path
        assert answer.url.startswith("/office/signin/login/")
    assert kept() == before
    assert CHINESE.search(told(client.get(answer.url)))


def test_a_form_without_its_token_is_refused_in_chinese(catalogue, manuscript):
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        catalogue.people["czj-writer"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    before = kept()
    answer = edit(client, manuscript, title="偷换")
    assert answer.status_code == 403
    assert "本次提交没有生效" in told(answer)
    assert kept() == before


@pytest.mark.parametrize(
    "body",
    [
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7 half',
        b'--b\r\nContent-Disposition: form-data; name="fi', b"", b"--b--", b"\xff\xfe" * 100,
    ],
    ids=["half a file", "half a head", "empty", "no parts", "no text"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "multipart/form-data", "text/plain; charset=x", "multipart/form-data; boundary=" + "b" * 300])  # fmt: skip
def test_a_broken_upload_writes_nothing(client, manuscript, body, kind):
    before = kept()
    for path in (f"/office/manuscripts/{manuscript.pk}/files/", START, IMPORT):
        answer = client.generic("POST", path, body, content_type=kind)
        assert answer.status_code in (200, 400), path
        assert CHINESE.search(told(answer))
    assert kept() == before


STRANGE = {
    "emoji": "通知😀👨‍👩‍👧", "nul": "通\x00知", "surrogate": "通\ufffd知", "four bytes": "𠮷𡃁通知𪚥", "controls": "通\x01\x07\x0b\x1b知",
    "long": "通知" * 5000, "noncharacter": "通知\ufffe\uffff", "bidi": "\u202e通知\u2066", "blank": "\u3000\u200b ", "markup": "<b>通知</b>{{x}}{%x%}",
}  # fmt: skip


@pytest.mark.parametrize("which", STRANGE)
def test_strange_signs_anywhere_are_kept_or_refused_and_never_a_fault(catalogue, client, manuscript, which):
    sign, pk = STRANGE[which], manuscript.pk
    answers = [
        client.post(START, {"unit": catalogue.units["czj"].pk, "title": sign}),
        *(
            edit(client, manuscript, **{field: sign})
            for field in ("title", "body", "doc_no", "issuer", "keywords", "abstract", "non_disclosure_reason",
                          "column", "written_on", "openness", "go_live_at", "theme", "interprets", "clause", "plan_outline")
        ),
        client.get("/office/manuscripts/", {"q": sign, "state": sign, "unit": sign, "updated_at_from": sign, "p": sign, "order": sign}),
        client.get("/office/documents/search/", {"q": sign}),
        client.get("/office/columns/", {"unit": sign}),
        client.post(f"/office/manuscripts/{pk}/files/", {"file": named(b"abc", f"{sign}.txt")}),
        client.post(f"/office/manuscripts/{pk}/checks/decide/", {"key": sign, "reason": sign}),
        client.post(f"/office/manuscripts/{pk}/checks/mask/", {"key": sign, "rule": sign}),
    ]  # fmt: skip
    office = sign_in(catalogue.people["office"])
    item = catalogue.publish(catalogue.people["office"], services.as_draft(manuscript))
    dates = {
        "since": sign,
        "until": sign,
        "from": sign,
        "to": sign,
        "date_from": sign,
        "month": sign,
        "year": sign,
        "page": sign,
    }
    answers += [
        client.post(f"/office/manuscripts/{pk}/act/urgent/", {"reason": sign}),
        client.post(f"/office/manuscripts/{pk}/act/return/", {"reason": sign}),
        client.post(f"/office/manuscripts/{pk}/act/pass/", {"opinion": sign, "content_hash": sign, "conclusion": sign, "basis": sign}),
        office.post(f"/office/items/{item.pk}/withdraw/", {"reason": sign, "code": "mistake", "act": sign}),
        office.post(f"/office/items/{item.pk}/attribute/", {"reason": sign, "clause": sign, "openness": sign}),
        office.post(f"/office/items/{item.pk}/document/validity/", {"reason": sign, "on": sign}),
        office.get("/office/items/", {"q": sign, "unit": sign, "column": sign, "status": sign} | dates),
        office.get("/office/attributes/", {"q": sign, "unit": sign} | dates),
        office.get("/office/policies/", {"q": sign, "unit": sign} | dates),
        office.get("/office/operators/", dates),
        sign_in(catalogue.people["auditor"]).get("/office/audit/", {"q": sign, "verb": sign, "person": sign, "actor": sign, "unit": sign} | dates),
        sign_in(catalogue.people["admin"]).get("/office/accounts/", {"q": sign, "role": sign, "unit": sign} | dates),
        Client().post("/office/signin/login/", {"login": sign, "password": sign}),
    ]  # fmt: skip
    for number, answer in enumerate(answers):
        assert answer.status_code < 500, number
        assert answer.status_code in (200, 302, 400, 403, 404), (number, answer.status_code)
        if answer.status_code >= 400:
            assert re.search(
                "[一-鿿]{4,}",
                told(answer)
                .encode()
                .decode("unicode_escape" if answer["Content-Type"] == "application/json" else "utf-8"),
            ), number
    for each in Manuscript.objects.all():
        assert not re.search(
            "[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]",
            each.title + each.body + each.doc_no + each.abstract,
        )
        assert client.get(f"/office/manuscripts/{each.pk}/preview/").status_code < 500
        assert client.get(f"/office/manuscripts/{each.pk}/sheet/").status_code < 500


@pytest.mark.parametrize(("megabytes", "limit"), [(5, "超过2000000个字符的上限"), (20, "超过16MB的上限")])
def test_a_text_that_is_too_long_is_refused_with_its_limit(client, manuscript, megabytes, limit):
    before = kept()
    answer = edit(client, manuscript, body="<p>" + "a" * (megabytes * MB) + "</p>", title="改过")
    assert answer.status_code in (200, 413)
    assert limit in answer.content.decode()
    assert kept() == before


NUMBERS = ("999999999999999999999", "0", "-1", "9223372036854775808", "٣", "%00")


@pytest.mark.parametrize("role", ["office", "admin"])
def test_no_number_in_an_address_is_a_fault(world, role):  # noqa: F811
    client = sign_in(world.people[role])
    walked = 0
    for name, route in inner(addresses()):
        if not re.search(r"<", route):
            continue
        for number in NUMBERS:
            path = fill(route, number, number)
            path = path.replace("/1/", f"/{number}/")
            for answer in (client.get(path), client.post(path, {})):
                walked += 1
                assert answer.status_code in (200, 301, 302, 400, 404, 405), (name, path, answer.status_code)
                if answer.status_code >= 400 and answer.status_code != 405:
                    assert re.search("[一-鿿]{4,}", told(answer)), (name, path)
    assert walked > 500


@pytest.mark.once
@pytest.mark.parametrize("role", ["office", "admin"])
def test_no_verb_and_no_method_is_a_fault(world, role):  # noqa: F811
    client = sign_in(world.people[role])
    own, item = world.manuscripts["own"], world.items["own"]
    before = kept()[:3]
    for name, route in inner(addresses()):
        found = item if "items/" in route else own
        path = fill(route, found.pk, own.latest_revision_id).replace("/submit/", "/nothing/")
        for method in ("put", "delete", "options"):
            answer = getattr(client, method)(path)
            assert answer.status_code in (200, 301, 302, 400, 404, 405), (name, method, answer.status_code)
    assert kept()[:3] == before


def test_an_unknown_verb_is_an_unknown_page(client, manuscript):
    before = kept()
    for verb in ("nothing", "delete", "__class__", "start", "x" * 500):
        answer = client.post(f"/office/manuscripts/{manuscript.pk}/act/{verb}/")
        assert answer.status_code == 404
        assert re.search("[一-鿿]{4,}", told(answer))
    assert kept() == before


def test_the_frame_calls_a_person_by_name(catalogue, client):
    person = catalogue.people["czj-writer"]
    type(person).objects.filter(pk=person.pk).update(name="王小明")
    page = client.get("/office/").content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.S)[1]
    assert '"name": "\\u738b\\u5c0f\\u660e"' in props or '"name": "王小明"' in props
    assert '"name": "czj-writer"' not in props


def test_an_empty_sheet_is_no_sheet(catalogue, client):
    file = io.BytesIO()
    Workbook().save(file)
    answer = send(client, catalogue, named(file.getvalue(), "表.xlsx"))
    assert answer.status_code == 200
    assert not Manuscript.objects.exists()
