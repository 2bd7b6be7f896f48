"""Check digits of the codes that identify people and bodies.

Citizen number: GB 11643-1999 (ISO 7064 MOD 11-2). Unified social credit code: GB 32100-2015. Organisation
code: GB 11714-1997. Bank cards: the Luhn formula (ISO/IEC 7812-1). All functions take text in plain ASCII,
ignore the case of letters and answer False for anything malformed; nothing is raised.
"""

from __future__ import annotations

import re
from datetime import date

# First two digits of a place: GB/T 2260, with the numbers for residents of Hong Kong, Macao and Taiwan.
_PROVINCE = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]"
_ID_CARD = re.compile(rf"(?:{_PROVINCE})[0-9]{{15}}[0-9X]")
_ID_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
_ID_CHECK = "10X98765432"

# Digits and letters without I, O, S, V, Z, which are easily misread.
_USCC_MARKS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"[{_USCC_MARKS}]{{2}}[0-9]{{6}}[{_USCC_MARKS}]{{10}}")
_USCC_WEIGHTS = tuple(pow(3, power, 31) for power in range(17))

_ORGANISATION_MARKS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION = re.compile(r"([0-9A-Z]{8})-?([0-9X])")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_DIGITS = re.compile(r"[0-9]{2,}")


def id_card_check_digit(first_17: str) -> str:
    """Return the check mark (0-9 or X) of the first 17 digits of a citizen number."""
    return _ID_CHECK[
        sum(int(digit) * weight for digit, weight in zip(first_17, _ID_WEIGHTS, strict=True)) % 11
    ]


def is_id_card(text: str) -> bool:
    """Tell whether an 18-character citizen number has a known region, a real birth date not in the future, and its check mark."""
    number = text.upper()
    if not _ID_CARD.fullmatch(number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return date(1850, 1, 1) <= born <= date.today() and id_card_check_digit(number[:17]) == number[17]


def uscc_check_mark(first_17: str) -> str:
    """Return the check mark of the first 17 characters of a unified social credit code."""
    total = sum(
        _USCC_MARKS.index(mark) * weight for mark, weight in zip(first_17, _USCC_WEIGHTS, strict=True)
    )
    return _USCC_MARKS[-total % 31]


def is_uscc(text: str) -> bool:
    """Tell whether an 18-character unified social credit code is well formed and has its check mark."""
    code = text.upper()
    return bool(_USCC.fullmatch(code)) and uscc_check_mark(code[:17]) == code[17]


def organisation_check_mark(first_8: str) -> str:
    """Return the check mark (0-9 or X) of the first 8 characters of an organisation code."""
    pairs = zip(first_8, _ORGANISATION_WEIGHTS, strict=True)
    remainder = 11 - sum(_ORGANISATION_MARKS.index(mark) * weight for mark, weight in pairs) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def is_organisation_code(text: str) -> bool:
    """Tell whether a 9-character organisation code, with or without its hyphen, has its check mark."""
    match = _ORGANISATION.fullmatch(text.upper())
    return match is not None and organisation_check_mark(match[1]) == match[2]


def luhn_check_digit(digits: str) -> str:
    """Return the digit that completes ``digits`` to a number that the Luhn formula accepts."""
    return str(-_luhn_sum(digits + "0") % 10)


def is_luhn(text: str) -> bool:
    """Tell whether a run of two or more digits satisfies the Luhn formula."""
    return bool(_DIGITS.fullmatch(text)) and _luhn_sum(text) % 10 == 0


def _luhn_sum(digits: str) -> int:
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled)
