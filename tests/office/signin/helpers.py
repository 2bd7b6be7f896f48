"""What the tests of signing in share: a password, the login page, and the code that a telephone shows."""

from __future__ import annotations

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PASSWORD = "Huanghe-2018-qiao"
LOGIN = "/office/signin/login/"


def code_of(secret: str) -> str:
    """What the telephone shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
