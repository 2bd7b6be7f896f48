"""Moving published information to another column of its unit: address, number and day of publication stay."""

from __future__ import annotations

from django.db import transaction

from mingzheng.city.models import Person
from mingzheng.law.errors import Refusal
from mingzheng.publish.catalogue.models import Column
from mingzheng.publish.items.drafts import draft_of
from mingzheng.publish.items.models import Item
from mingzheng.publish.items.validation import Rules
from mingzheng.publish.items.withdrawal import locked_public, note, worded


def move_item(actor: Person, item_id: int, column: Column, *, reason: str) -> Item:
    """Put a published item under another column that its unit has."""
    reason = worded(reason, "移动栏目")
    with transaction.atomic():
        item = locked_public(actor, "item.move", item_id)
        left = item.column
        if left.pk == column.pk:
            raise Refusal(f"《{item.title}》已经在栏目“{column}”中。")
        draft = draft_of(item)
        draft.column_code = column.code
        Rules().place(draft)
        item.column = column
        item.save(update_fields=["column"])
        facts = {"from": left.code, "to": column.code, "reason": reason}
        note(actor, "item.moved", item, facts, left_column_id=left.pk)
    return item
