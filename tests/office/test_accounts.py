"""账号管理: what a system administrator does, and cannot do."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from tests.office.pages import english, queries, text

from mingzheng.city import audit, services
from mingzheng.city.models import AuditEntry, Membership, Person
from mingzheng.law.errors import Refusal
from mingzheng.office.signin.passwords import why_change

TODAY = timezone.localdate()
LIST = "/office/accounts/"
GRANT = {"unit": "czj", "role": "reviewer", "starts_on": str(TODAY)}
ACCOUNT = {**GRANT, "name": "王小明", "username": "wangxm"}


@pytest.fixture
def admin(city: Any) -> Client:
    client = Client()
    client.force_login(city.people["admin"])
    return client


@pytest.fixture
def hexi_admin(city: Any) -> Client:
    """The administrator of a county: reaches the county alone."""
    person = services.create_person(None, username="hexi-admin", name="河西管理员", password=None)
    services.grant(None, person, "admin", city.units["hexi"], starts_on=date(2016, 1, 1))
    client = Client()
    client.force_login(person)
    return client


def rows(answer: Any) -> set[str]:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return {code.get_text() for code in page.select(".desk-table code")}


def secret(answer: Any) -> str:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    shown = page.select_one(".desk-secret")
    assert shown is not None, answer.content.decode()[:3000]
    return shown.get_text()


@pytest.mark.parametrize("username", ["office", "auditor", "czj-writer", "reviewer"])
def test_only_administrators_come_in(city: Any, client: Client, username: str) -> None:
    client.force_login(city.people[username])
    for address in ("", "new/", "import/", "import/form/", f"{city.people['chief'].pk}/"):
        assert client.get(LIST + address).status_code == 404
    assert "/office/accounts/" not in client.get("/office/").content.decode()


def test_an_administrator_sees_no_manuscripts(admin: Client) -> None:
    home = admin.get("/office/").content.decode()
    assert "/office/accounts/" in home
    assert "/office/audit/" not in home
    for address in ("manuscripts/start/", "audit/", "routes/", "snippets/manuscripts/manuscript/"):
        assert admin.get(f"/office/{address}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "czj-w"}, {"czj-writer"}),  # an account name, in part
        ({"q": "财政局"}, {"czj-writer", "czj-signer"}),  # a unit
        ({"q": "审计员"}, {"auditor"}),  # a role
        ({"role": "office"}, {"office", "hexi-office"}),
        ({"unit": "河西县人民政府（hexi）"}, {"hexi-office"}),  # as the browser completes it
        ({"unit": "hexi", "role": "signer"}, set()),
        ({"state": "closed"}, set()),
        ({"unit": "没有的单位"}, set()),
    ],
)
def test_the_list_is_narrowed(city: Any, admin: Client, asked: dict[str, str], found: set[str]) -> None:
    assert rows(admin.get(LIST, asked)) == found


def test_operators_whose_time_ends_soon(city: Any, admin: Client) -> None:
    for name, days in (("soon", 30), ("later", 31)):
        person = services.create_person(None, username=name, name="运维", password=None)
        services.grant(
            None, person, "operator", city.units["czj"], starts_on=TODAY, ends_on=TODAY + timedelta(days=days)
        )
    answer = admin.get(LIST, {"state": "ending"})
    assert rows(answer) == {"soon"}
    assert "第三方 还剩30天" in text(answer)


def test_the_list_takes_few_queries_whatever_the_number_of_accounts(city: Any, admin: Client) -> None:
    people = Person.objects.bulk_create(
        Person(username=f"p{number}", name=f"人员{number}", password="!") for number in range(1000)
    )
    Membership.objects.bulk_create(
        Membership(person=person, unit=city.units["czj"], role="writer", starts_on=date(2016, 1, 1))
        for person in people
    )
    assert "共1010个账号" in text(admin.get(LIST, {"p": "3"}))
    assert len(queries(admin, LIST, p="3")) <= 4
    assert len(queries(admin, LIST, q="人员7", unit="czj", role="writer", state="active")) <= 4


def test_a_new_account_gets_a_password_that_is_shown_once(city: Any, admin: Client, client: Client) -> None:
    answer = admin.post(f"{LIST}new/", ACCOUNT)
    password = secret(answer)
    assert answer["Cache-Control"].count("no-store") == 1
    person = Person.objects.get(username="wangxm")
    assert person.check_password(password)
    assert password not in admin.get(f"{LIST}{person.pk}/").content.decode()
    assert "系统管理员设置的密码" in why_change(person)
    granted = person.memberships.get()
    assert (granted.role, granted.unit, granted.ends_on) == ("reviewer", city.units["czj"], None)
    kept = AuditEntry.objects.filter(subject=f"person:{person.pk}").values_list("verb", flat=True)
    assert list(kept) == ["person.created", "person.granted", "person.password_set"]
    assert password not in str(list(AuditEntry.objects.values("payload")))
    client.post("/office/signin/login/", {"login": "wangxm", "password": password})
    assert client.get("/office/").url.startswith("/office/signin/password/change/")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"username": "CZJ-Writer"}, "账号“CZJ-Writer”已存在"),  # names differ in more than their case
        ({"username": "王"}, "以字母开头"),
        ({"unit": "水利局"}, "没有“水利局”这个单位"),
        ({"role": "operator"}, "须写明结束日期"),
        ({"ends_on": "2001-01-01"}, "早于开始日期"),
        ({"role": "king"}, "king"),
    ],
)
def test_what_is_refused_is_said_at_the_form(admin: Client, change: dict[str, str], sentence: str) -> None:
    answer = admin.post(f"{LIST}new/", ACCOUNT | change)
    assert sentence in text(answer)
    assert 'value="王小明"' in answer.content.decode()
    assert not Person.objects.filter(username="wangxm").exists()


def test_grants_are_given_and_ended(city: Any, admin: Client) -> None:
    writer = city.people["czj-writer"]
    page = f"{LIST}{writer.pk}/"
    assert admin.post(page, GRANT | {"unit": "示范市档案局", "role": "writer"}).status_code == 302
    grant = writer.memberships.get(unit=city.units["daj"])
    assert admin.post(f"/office/grants/{grant.pk}/end/", {"on": str(TODAY)}).status_code == 302
    grant.refresh_from_db()
    assert grant.ends_on == TODAY
    again = admin.post(page, GRANT | {"unit": "daj", "role": "writer"})
    assert "不能重复授权" in text(again)
    assert (
        "请填写任职的最后一天" in admin.post(f"/office/grants/{grant.pk}/end/", {"on": "x"}).content.decode()
    )


@pytest.mark.parametrize(
    ("username", "role", "sentence"),
    [
        ("admin", "office", "不能给自己授权"),  # or an administrator would edit content tomorrow
        ("czj-writer", "admin", "不能既是系统管理员又担任其他角色"),
        ("auditor", "writer", "不能既是审计员又担任其他角色"),
        ("czj-writer", "operator", "不能既是第三方运维人员"),
    ],
)
def test_powers_stay_apart(city: Any, admin: Client, username: str, role: str, sentence: str) -> None:
    person = city.people[username]
    before = person.memberships.count()
    given = GRANT | {"role": role, "ends_on": str(TODAY + timedelta(days=9))}
    assert sentence in text(admin.post(f"{LIST}{person.pk}/", given))
    assert person.memberships.count() == before


def test_an_administrator_cannot_lock_everybody_out(city: Any, admin: Client) -> None:
    person = city.people["admin"]
    grant = person.memberships.get()
    ended = admin.post(f"/office/grants/{grant.pk}/end/", {"on": str(TODAY)})
    assert "不能结束自己的系统管理员任职" in ended.content.decode()
    closed = admin.post(f"{LIST}{person.pk}/act/close/", {"reason": "试试"})
    assert "不能停用自己的账号" in closed.content.decode()
    assert "修改密码" in admin.post(f"{LIST}{person.pk}/act/password/").content.decode()
    with pytest.raises(Refusal, match="不能受托"):
        services.delegate(
            city.people["chief"], person, starts_on=TODAY, ends_on=TODAY, reason="出差"
        )  # nor may reviews be passed to an administrator


def test_help_for_an_account(city: Any, admin: Client) -> None:
    writer = city.people["czj-writer"]
    services.set_password(None, writer, "Huanghe-2018-qiao")
    TOTP.activate(writer, generate_totp_secret())
    act = f"{LIST}{writer.pk}/act/"
    assert "须写明原因" in admin.post(f"{act}close/").content.decode()
    assert admin.post(f"{act}close/", {"reason": "调离"}).status_code == 302
    writer.refresh_from_db()
    assert not writer.is_active
    assert admin.post(f"{act}reopen/").status_code == 302
    assert "没有停用" in admin.post(f"{act}reopen/").content.decode()
    assert "已绑定" in text(admin.get(f"{LIST}{writer.pk}/"))
    assert admin.post(f"{act}second-factor/", {"reason": "手机丢失"}).status_code == 302
    assert "未绑定" in text(admin.get(f"{LIST}{writer.pk}/"))
    assert admin.post(f"{act}unlock/").status_code == 302
    password = secret(admin.post(f"{act}password/"))
    writer.refresh_from_db()
    assert writer.is_active
    assert writer.check_password(password)
    assert admin.post(f"{act}other/").status_code == 404
    assert admin.get(f"{act}close/").status_code == 405
    assert list(audit.verify()) == []


def test_the_last_sign_ins_are_shown(city: Any, admin: Client, client: Client) -> None:
    writer = city.people["czj-writer"]
    services.set_password(None, writer, "Huanghe-2018-qiao")
    client.post("/office/signin/login/", {"login": "czj-writer", "password": "x"})
    client.post("/office/signin/login/", {"login": "czj-writer", "password": "Huanghe-2018-qiao"})
    shown = text(admin.get(f"{LIST}{writer.pk}/"))
    assert shown.index("登录 20") < shown.index("登录失败")


def test_a_county_administrator_stays_in_the_county(city: Any, hexi_admin: Client) -> None:
    assert rows(hexi_admin.get(LIST)) == {"hexi-office", "hexi-admin"}
    assert "新建账号" not in text(hexi_admin.get(LIST))
    writer, own = city.people["czj-writer"], city.people["hexi-office"]
    for address in (f"{LIST}{writer.pk}/", f"{LIST}999/"):
        assert hexi_admin.get(address).status_code == 404
        assert hexi_admin.post(f"{address}act/close/", {"reason": "试试"}).status_code == 404
    grant = writer.memberships.get()
    assert hexi_admin.post(f"/office/grants/{grant.pk}/end/", {"on": str(TODAY)}).status_code == 404
    assert "不在您的管理范围内" in text(hexi_admin.post(f"{LIST}{own.pk}/", GRANT))
    assert hexi_admin.post(f"{LIST}{own.pk}/", GRANT | {"unit": "qingshui"}).status_code == 302
    assert "没有“管理单位与账号”的权限" in text(hexi_admin.post(f"{LIST}new/", ACCOUNT | {"unit": "hexi"}))
    hexi_admin.post(f"{LIST}{own.pk}/act/password/")
    own.refresh_from_db()
    assert not own.has_usable_password()


HEADINGS = ["姓名", "账号", "单位代码", "角色", "开始日期", "结束日期", "含下级"]
GOOD = [
    ["张三", "zhangsan", "czj", "信息员", date(2018, 1, 1), None, None],
    ["张三", "zhangsan", "daj", "信息员", "2018年1月1日", None, "否"],  # a second role of the same account
    ["李四", "lisi", "hexi", "审核员", "2018/1/1", None, "是"],
]


def sheet(lines: list[list[Any]], headings: list[str] = HEADINGS) -> SimpleUploadedFile:
    book = Workbook()
    for line in [headings, *lines]:
        book.worksheets[0].append(line)
    target = BytesIO()
    book.save(target)
    return SimpleUploadedFile("名单.xlsx", target.getvalue())


def test_a_sheet_of_accounts(city: Any, admin: Client) -> None:
    answer = admin.post(f"{LIST}import/", {"sheet": sheet(GOOD)})
    assert "已建立2个账号，授予3个任职" in text(answer)
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    key = str(page.select_one("input[name=key]")["value"])  # type: ignore[index]
    first = admin.post(f"{LIST}import/passwords/", {"key": key})
    book = load_workbook(BytesIO(first.content))
    listed = {row[1]: row[4] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert set(listed) == {"zhangsan", "lisi"}
    for username, password in listed.items():
        assert Person.objects.get(username=username).check_password(str(password))
    assert Person.objects.get(username="lisi").memberships.get().downwards
    again = admin.post(f"{LIST}import/passwords/", {"key": key})
    assert "只能下载一次" in again.content.decode()


def test_the_passwords_need_the_page_and_the_session(city: Any, admin: Client) -> None:
    admin.post(f"{LIST}import/", {"sheet": sheet(GOOD)})
    wrong = admin.post(f"{LIST}import/passwords/", {"key": "x"})
    assert "只能下载一次" in wrong.content.decode()


def test_errors_are_told_row_by_row_and_nothing_is_written(city: Any, admin: Client) -> None:
    bad = [
        GOOD[0],
        ["王五", "wangwu", "nowhere", "信息员", "2018-01-01", None, None],
        ["赵六", "zhaoliu", "czj", "市长", "2018-01-01", None, None],
        ["孙七", "sunqi", "czj", "第三方运维", "2018-01-01", None, None],
        ["周八", "office", "czj", "信息员", "2018-01-01", None, None],
        [None] * 7,
        ["吴九", "wujiu", "czj", "信息员", "元旦", None, None],
        ["张四", "ZhangSan", "czj", "信息员", "2018-01-01", None, None],
    ]
    shown = text(admin.post(f"{LIST}import/", {"sheet": sheet(bad)}))
    for part in (
        "第3行 王五 单位：没有“nowhere”这个单位", "第4行 赵六 没有“市长”这种角色", "第5行 孙七", "须写明结束日期",
        "第6行 周八 账号“office”已存在", "第8行 吴九 开始日期：", "第9行 张四 账号“zhangsan”在前面的行中姓名是“张三”",
    ):  # fmt: skip
        assert part in shown
    assert not Person.objects.filter(username="zhangsan").exists()
    assert not AuditEntry.objects.filter(verb="person.created", payload__username="zhangsan").exists()
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (lambda: sheet(GOOD, HEADINGS[:6]), "第一行缺少“含下级”列"),
        (lambda: sheet([]), "表中没有账号"),
        (lambda: SimpleUploadedFile("名单.xlsx", b"x"), "不是xlsx文件"),
        (lambda: SimpleUploadedFile("名单.xlsx", b"x" * (5 * 2**20 + 1)), "超过5MB"),
        (lambda: sheet([["李", f"li{number}"] for number in range(1501)]), "超过1500行"),
    ],
)
def test_a_file_of_no_use(city: Any, admin: Client, upload: Any, sentence: str) -> None:
    assert sentence in text(admin.post(f"{LIST}import/", {"sheet": upload()}))


def test_the_empty_sheet_can_be_read_back(city: Any, admin: Client) -> None:
    book = load_workbook(BytesIO(admin.get(f"{LIST}import/form/").content))
    assert [cell.value for cell in book.worksheets[0][1]] == HEADINGS
    assert "czj" in [row[0] for row in book["单位代码"].iter_rows(values_only=True)]


def test_no_page_speaks_english(city: Any, admin: Client) -> None:
    writer = city.people["czj-writer"]
    Person.objects.update(name="张三")
    for address in ("", "new/", "import/", f"{writer.pk}/"):
        assert english(admin.get(LIST + address)) == set(), address
    assert english(admin.post(f"{LIST}new/", {})) == set()
    assert english(admin.post(f"{LIST}import/")) == set()
    assert english(admin.post(f"{LIST}{writer.pk}/act/password/")) == set()
