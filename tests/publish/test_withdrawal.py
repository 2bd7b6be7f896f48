"""Four acts of taking something away: hidden, replaced by a notice, masked, erased; who may, and what is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from mingzheng.city import audit
from mingzheng.city.models import AuditEntry, OutboxEvent
from mingzheng.city.services import NotAllowed
from mingzheng.law.checksums import id_card_check_digit
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.items import services
from mingzheng.publish.items.models import ErasureRequest, Item
from mingzheng.publish.manuscripts import files
from mingzheng.publish.manuscripts import services as manuscripts
from mingzheng.publish.manuscripts.models import Manuscript
from mingzheng.publish.reviews.models import Review

ID_CARD = "34010419900307001"
SECRET = "秘密往来账目"


def draft(**changes):
    given = {"title": "关于召开预算编制会议的通知", "body": "<p>定于周五召开会议。</p>"} | changes
    return services.ItemDraft("czj", "TZ01", **given)


@pytest.fixture
def signer(catalogue):
    return catalogue.people["czj-signer"]


@pytest.fixture
def item(catalogue, signer):
    return catalogue.publish(signer, draft())


def stored(item):
    return Item.objects.get(pk=item.pk)


def test_every_reason_is_complete():
    reasons = services.withdrawal_reasons()
    assert [each.name for each in reasons.values()] == [
        "内容有误", "涉及个人隐私", "涉密或敏感", "已失效废止", "重复发布", "到期下线", "误发", "其他",
    ]  # fmt: skip
    assert all(each.public.endswith("。") and len(each.code) <= 20 for each in reasons.values())
    assert {each.code for each in reasons.values() if not each.keeps_page} == {
        "privacy",
        "secret",
        "mistaken",
    }
    # what visitors are told must not betray why
    assert reasons["privacy"].public == reasons["secret"].public


def test_a_hidden_item_comes_back_as_it_was(catalogue, signer, item):
    services.hide_item(signer, item.pk, code="wrong", reason=" 日期写错 ")
    hidden = stored(item)
    assert (hidden.status, hidden.withdrawal_code, hidden.withdrawal_reason) == (
        "withdrawn",
        "wrong",
        "日期写错",
    )
    assert not Item.objects.public().exists()
    assert Item.objects.gone().exists()
    services.restore_item(signer, item.pk, reason="核对无误")
    back = stored(item)
    assert back in Item.objects.public()
    assert (back.title, back.body, back.index_no, back.first_published_at) == (
        item.title, item.body, item.index_no, item.first_published_at,
    )  # fmt: skip
    assert (back.withdrawn_at, back.withdrawal_code, back.withdrawal_reason) == (None, "", "")
    with pytest.raises(Refusal, match="已发布，不能恢复"):
        services.restore_item(signer, item.pk, reason="再来")
    assert list(OutboxEvent.objects.filter(topic__startswith="item.").values_list("topic", flat=True)) == [
        "item.published", "item.withdrawn", "item.restored",
    ]  # fmt: skip


def test_a_number_that_was_given_again_keeps_the_old_item_hidden(catalogue, signer):
    first = catalogue.publish(signer, draft(doc_no="示财〔2018〕18号"))
    services.withdraw_item(signer, first.pk, "重新印发")
    catalogue.publish(signer, draft(doc_no="示财〔2018〕18号"))
    with pytest.raises(Refusal, match="文号“示财〔2018〕18号”已由"):
        services.restore_item(signer, first.pk, reason="恢复")


def test_a_notice_stays_only_for_reasons_that_may_be_told(signer, item):
    for code in ("privacy", "secret", "mistaken"):
        with pytest.raises(Refusal, match="不得在原网址保留说明页"):
            services.tombstone_item(signer, item.pk, code=code, reason="见办理单")
    services.tombstone_item(signer, item.pk, code="repealed", reason="文件已废止")
    assert list(Item.objects.tombstones()) == [item]
    assert not Item.objects.public().exists()
    assert not Item.objects.gone().exists()
    services.restore_item(signer, item.pk, reason="废止有误")
    assert stored(item).status == "published"


def test_what_is_never_public_leaves_no_trace(catalogue, signer):
    item = catalogue.publish(signer, draft(openness="on_request", non_disclosure_reason="涉及第三方合法权益"))
    services.tombstone_item(signer, item.pk, code="wrong", reason="有误")
    assert not Item.objects.tombstones().exists()
    services.restore_item(signer, item.pk, reason="恢复")
    services.hide_item(signer, item.pk, code="wrong", reason="有误")
    assert not Item.objects.gone().exists()


def test_personal_data_is_masked_everywhere_and_the_rest_stays(catalogue, signer):
    card = ID_CARD + id_card_check_digit(ID_CARD)
    item = catalogue.publish(
        signer,
        draft(
            title=f"关于{card}的公示", body=f"<p>本人身份证<b>{card}</b>，A&amp;B公司</p>",
            attachments=[(f"{card}.pdf", "https://example.gov.cn/a.pdf")],
        ),
    )  # fmt: skip
    services.anonymise_item(signer, item.pk, reason="当事人申请")
    masked = stored(item)
    texts = masked.title + masked.body + masked.attachments.get().name
    assert card not in texts
    assert masked.title.startswith("关于34*")
    assert "A&amp;B公司" in masked.body
    assert masked in Item.objects.public()
    assert masked.amended_at is not None
    assert card not in str(list(AuditEntry.objects.filter(verb="item.anonymised").values_list("payload")))
    with pytest.raises(Refusal, match="没有发现可以遮盖的个人信息"):
        services.anonymise_item(signer, item.pk, reason="再次")


@pytest.mark.parametrize("username", ["czj-writer", "hexi-office", "reviewer", "auditor", "admin"])
def test_only_those_who_may_withdraw_take_anything_away(catalogue, signer, item, username):
    stranger = catalogue.people[username]
    services.request_erasure(signer, item.pk, code="secret", reason="误发")
    for act in (
        lambda: services.hide_item(stranger, item.pk, code="wrong", reason="误"),
        lambda: services.tombstone_item(stranger, item.pk, code="wrong", reason="误"),
        lambda: services.anonymise_item(stranger, item.pk, reason="误"),
        lambda: services.restore_item(stranger, item.pk, reason="误"),
        lambda: services.request_erasure(stranger, item.pk, code="wrong", reason="误"),
        lambda: manuscripts.erase(stranger, item.pk),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert stored(item).body == item.body


def test_refusals_name_the_rule(signer, item):
    for act, rule in (
        (lambda: services.hide_item(signer, item.pk, code="no", reason="误"), "没有代码为“no”的撤回原因"),
        (lambda: services.hide_item(signer, item.pk, code="wrong", reason=" "), "须写明理由"),
        (lambda: services.request_erasure(signer, item.pk, code="wrong", reason="长" * 201), "超过200个字符"),
        (lambda: manuscripts.erase(signer, item.pk), "没有待确认的清除申请"),
        (lambda: services.restore_item(signer, 10**9, reason="误"), "没有编号为1000000000的信息"),
    ):
        with pytest.raises(Refusal, match=rule):
            act()


@pytest.fixture
def written(catalogue, tmp_path, settings):
    """An item that went through the desk, with a file, and an amendment of it that is under review."""
    settings.HOME = tmp_path
    writer = catalogue.people["czj-writer"]
    made = manuscripts.start(
        writer, catalogue.units["czj"], column=column_by_code("TZ01"), title=SECRET, body=f"<p>{SECRET}。</p>",
        keywords=SECRET,
    )  # fmt: skip
    source = tmp_path / "a.txt"
    source.write_text(SECRET, "utf-8")
    files.attach(writer, made.pk, source, f"{SECRET}.txt")
    made.refresh_from_db()
    made.save_revision()
    manuscripts.submit(writer, made.pk)
    for name in ("reviewer", "secrecy", "chief"):
        digest = Manuscript.objects.get(pk=made.pk).content_hash
        secrecy = {"conclusion": "可以公开", "basis": "不涉密。"} if name == "secrecy" else None
        manuscripts.pass_step(catalogue.people[name], made.pk, content_hash=digest, secrecy=secrecy)
    item = manuscripts.publish(catalogue.people["czj-signer"], made.pk)
    change = manuscripts.amend(writer, item.pk)
    change.body = f"<p>{SECRET}更正。</p>"
    manuscripts.save(writer, change)
    manuscripts.submit(writer, change.pk)
    return item


def kept_files():
    return [path for path in (settings.HOME / "files").rglob("*") if path.is_file()]


def test_an_erased_item_leaves_nothing_but_its_number_and_dates(
    catalogue, signer, written, django_capture_on_commit_callbacks
):
    assert len(kept_files()) == 1
    services.request_erasure(signer, written.pk, code="secret", reason="经鉴定不应公开")
    assert stored(written).body == written.body
    with pytest.raises(Refusal, match="另一人确认"):
        manuscripts.erase(signer, written.pk)
    with django_capture_on_commit_callbacks(execute=True):
        manuscripts.erase(catalogue.people["office"], written.pk)
    left = stored(written)
    assert (left.status, left.index_no, left.first_published_at) == (
        "erased", written.index_no, written.first_published_at,
    )  # fmt: skip
    assert (left.title, left.body, left.attachments.count()) == ("（内容已清除）", "", 0)
    assert kept_files() == []
    assert Manuscript.objects.filter(item=left).count() == 2
    for manuscript in Manuscript.objects.filter(item=left):
        assert SECRET not in str(Manuscript.objects.filter(pk=manuscript.pk).values())
        assert (manuscript.revisions.count(), manuscript.files.count()) == (0, 0)
    assert not Review.objects.filter(title__contains=SECRET).exists()
    assert not Review.objects.filter(state="open").exists()
    asked = ErasureRequest.objects.get()
    assert (asked.asked_by, asked.confirmed_by) == (signer, catalogue.people["office"])
    for act in (
        lambda: services.restore_item(signer, left.pk, reason="恢复"),
        lambda: services.hide_item(signer, left.pk, code="wrong", reason="误"),
        lambda: services.request_erasure(signer, left.pk, code="wrong", reason="误"),
        lambda: manuscripts.amend(catalogue.people["czj-writer"], left.pk),
    ):
        with pytest.raises(Refusal):
            act()
    assert list(audit.verify()) == []


def test_a_file_that_something_else_shows_stays(
    catalogue, signer, written, django_capture_on_commit_callbacks
):
    [url] = written.attachments.values_list("url", flat=True)
    catalogue.publish(signer, draft(attachments=[("同一份.txt", url)]))
    services.request_erasure(signer, written.pk, code="secret", reason="经鉴定不应公开")
    with django_capture_on_commit_callbacks(execute=True):
        manuscripts.erase(catalogue.people["office"], written.pk)
    assert len(kept_files()) == 1


def test_a_request_lapses_after_seven_days_and_may_be_made_again(catalogue, signer, item):
    services.request_erasure(signer, item.pk, code="privacy", reason="当事人申请")
    with pytest.raises(Refusal, match="正等待另一人确认"):
        services.request_erasure(catalogue.people["office"], item.pk, code="privacy", reason="当事人申请")
    ErasureRequest.objects.update(asked_at=timezone.now() - timedelta(days=7, seconds=1))
    assert services.open_request(item) is None
    with pytest.raises(Refusal, match="超过7日失效"):
        manuscripts.erase(catalogue.people["office"], item.pk)
    services.request_erasure(signer, item.pk, code="privacy", reason="当事人申请")
    assert services.open_request(item) is not None
