"""Numbers are given once; what happened is told once."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingzheng.city import services
from mingzheng.city.models import OutboxEvent
from mingzheng.city.numbering import Counters, reserve_one


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=8), max_size=6))
def test_no_number_is_given_twice_however_the_batches_fall(db, batches):
    with transaction.atomic():
        given_out: list[tuple[str, int]] = []
        for batch in batches:
            counters = Counters()
            counters.load(batch)
            given_out += [(key, counters.next(key)) for key in batch]
            counters.save()
        assert len(set(given_out)) == len(given_out)
        for key in "abc":
            numbers = [number for each, number in given_out if each == key]
            assert numbers == list(range(1, len(numbers) + 1))
        transaction.set_rollback(True)


def test_a_rolled_back_number_is_given_again_with_the_row_that_carries_it(db):
    assert reserve_one("k") == 1
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError(reserve_one("k"))
    assert reserve_one("k") == 2


def test_an_event_waits_until_it_is_finished(city):
    OutboxEvent.objects.all().delete()
    services.emit("item.published", item_id=1)
    services.emit("unit.changed", unit_id=2)
    [waiting] = services.waiting_events(["item.published"])
    assert waiting.payload == {"item_id": 1}
    services.finish_events([waiting.pk])
    assert list(services.waiting_events(["item.published"])) == []
    assert len(list(services.waiting_events(["unit.changed"]))) == 1
