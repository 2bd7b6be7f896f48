"""Publishing stays near what it writes: few queries, whatever else is in the database."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from mingzheng.publish.catalogue.services import column_by_code
from mingzheng.publish.manuscripts import services
from mingzheng.publish.manuscripts.models import Manuscript


def count(act):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    return len(queries)


def test_one_manuscript_is_published_with_at_most_forty_queries(catalogue):
    writer = catalogue.people["czj-writer"]
    made = services.start(
        writer,
        catalogue.units["czj"],
        column=column_by_code("TZ01"),
        title="关于召开会议的通知",
        body="<p>一。</p>",
    )
    submitting = count(lambda: services.submit(writer, made.pk))
    passing = []
    for name in ("reviewer", "secrecy", "chief"):
        digest = Manuscript.objects.get(pk=made.pk).content_hash
        secrecy = {"conclusion": "可以公开", "basis": "不涉密。"} if name == "secrecy" else None
        passing.append(
            count(
                lambda name=name, digest=digest, secrecy=secrecy: services.pass_step(
                    catalogue.people[name], made.pk, content_hash=digest, secrecy=secrecy
                )
            )
        )
    publishing = count(lambda: services.publish(catalogue.people["czj-signer"], made.pk))
    assert publishing <= 40
    assert submitting <= 28
    assert max(passing) <= 20
