"""The only door of policy documents: their relations, filing, clean-up, and whether they hold."""

from __future__ import annotations

from mingzheng.publish.documents.attributes import (
    Clause,
    clause_choices,
    clauses,
    confirm,
    decide,
    decide_item,
    decided,
    decision_on,
    decisions_on,
)
from mingzheng.publish.documents.daily import turn_day
from mingzheng.publish.documents.filing import clean_up, file_document
from mingzheng.publish.documents.gazette import contents_of, publish_issue, set_contents, start_issue
from mingzheng.publish.documents.relations import relate
from mingzheng.publish.documents.retracting import fact_of, retract
from mingzheng.publish.documents.rules import ValidityRule, validity_rule
from mingzheng.publish.documents.standing import Counterpart, Standing, validity
from mingzheng.publish.documents.validity import (
    Validity,
    are_documents,
    end_of_term,
    ended_by,
    is_document,
    normative_columns,
    normative_documents,
    term_over_by,
    with_validity,
)

__all__ = [
    "Clause", "Counterpart", "Standing", "Validity", "ValidityRule", "are_documents", "clause_choices", "clauses", "clean_up", "confirm", "contents_of", "decide", "decide_item", "decided",
    "decision_on", "decisions_on", "end_of_term", "ended_by", "fact_of", "file_document", "is_document", "normative_columns",
    "normative_documents", "publish_issue", "relate", "retract", "set_contents", "start_issue", "term_over_by", "turn_day", "validity", "validity_rule", "with_validity",
]  # fmt: skip
