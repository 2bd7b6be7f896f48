"""备案 and 清理: dated facts, all or none, by whoever may amend the document."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mingzheng.city.services import NotAllowed
from mingzheng.law.errors import Refusal
from mingzheng.publish.documents.models import CleanupResult, Filing
from mingzheng.publish.documents.services import clean_up, file_document, retract, validity

DAY = date(2018, 6, 30)
FILED = {"filed_on": DAY, "number": "示备〔2018〕3号", "authority": "示范市人民政府"}
CLEANED = {"year": 2018, "on": DAY, "basis": "示政〔2018〕30号"}


def test_a_filing_is_registered_once_and_may_be_retracted(catalogue, document):
    signer, made = catalogue.people["czj-signer"], document("办法", written_on=date(2018, 4, 1))
    filing = file_document(signer, made.pk, **FILED)
    with pytest.raises(Refusal, match="已经登记"):
        file_document(signer, made.pk, **FILED)
    retract(signer, "filing", filing.pk, reason="备案号有误")
    assert not Filing.objects.standing().exists()
    file_document(signer, made.pk, **FILED)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": " "}, "须写明备案号"),
        ({"authority": ""}, "备案机关"),
        ({"number": "长" * 81}, "不得超过80个字符"),
        ({"filed_on": date(2018, 3, 31)}, "早于《办法》的成文日期"),
        ({"filed_on": timezone.localdate() + timedelta(days=2)}, "晚于今天"),
    ],
)
def test_a_filing_that_cannot_be_is_refused(catalogue, document, changes, sentence):
    made = document("办法", written_on=date(2018, 4, 1))
    with pytest.raises(Refusal, match=sentence):
        file_document(catalogue.people["office"], made.pk, **FILED | changes)


def test_a_clean_up_is_recorded_for_many_at_once_and_ends_what_it_ends(catalogue, document):
    ends = date(2099, 1, 1)
    made = {each: document(each, expires_on=ends) for each in ("kept", "amend", "repealed", "expired")}
    clean_up(catalogue.people["office"], {item.pk: result for result, item in made.items()}, **CLEANED)
    found = {each: validity(item, DAY) for each, item in made.items()}
    assert found == {"kept": "valid", "amend": "valid", "repealed": "repealed", "expired": "expired"}
    assert validity(made["repealed"], DAY - timedelta(days=1)) == "valid"


def test_of_a_clean_up_all_is_recorded_or_nothing(catalogue, document):
    own, foreign = document("本局的"), document("县里的", unit="hexi", column="ZC0201")
    signer = catalogue.people["czj-signer"]
    with pytest.raises(NotAllowed):
        clean_up(signer, {own.pk: "kept", foreign.pk: "kept"}, **CLEANED)
    assert not CleanupResult.objects.exists()
    clean_up(signer, {own.pk: "kept"}, **CLEANED)
    with pytest.raises(Refusal, match="2018年的清理结果已经登记"):
        clean_up(signer, {own.pk: "repealed"}, **CLEANED)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"basis": ""}, "须写明依据"),
        ({"year": 1900}, "清理年度1900有误"),
        ({"year": 2019}, "早于清理年度"),
        ({"results": {}}, "没有选定任何文件"),
        ({"results": {0: "kept"}}, "没有所选的文件"),
        ({"results": "lost"}, "没有“lost”这种清理结果"),
    ],
)
def test_a_clean_up_that_cannot_be_is_refused(catalogue, document, changes, sentence):
    made, given = document("办法"), CLEANED | changes
    results = given.pop("results", "kept")
    with pytest.raises(Refusal, match=sentence):
        clean_up(
            catalogue.people["office"], {made.pk: results} if isinstance(results, str) else results, **given
        )
