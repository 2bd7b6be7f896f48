"""allauth's forms with our labels: a label above every field, no placeholder that repeats it."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

from mingzheng.city.models import Person
from mingzheng.office.signin.lockout import is_locked

LABELS = {
    "login": "用户名",
    "password": "密码",
    "oldpassword": "当前密码",
    "password1": "新密码",
    "password2": "再输入一次新密码",
    "code": "验证码",
}


class _Labelled(forms.Form):
    """Mixin: the labels above, a sentence for an empty field, and the cursor where one starts."""

    help_texts: dict[str, str] = {}
    starts_at = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS[name]
            field.help_text = self.help_texts.get(name, "")
            field.error_messages["required"] = f"请输入{field.label}。"
            field.widget.attrs.pop("placeholder", None)
        if self.starts_at:
            self.fields[self.starts_at].widget.attrs["autofocus"] = True


class LoginForm(_Labelled, account.LoginForm):
    starts_at = "login"


class ReauthenticateForm(_Labelled, account.ReauthenticateForm):
    starts_at = "password"


class ChangePasswordForm(_Labelled, account.ChangePasswordForm):
    help_texts = {
        "password1": "至少10个字符，须含大写字母、小写字母、数字、其他符号中的至少三类；不能与用户名、姓名相近，不能是常见密码或最近5次用过的密码。"
    }


class _NotWhileLocked(forms.Form):
    """Mixin: while the name is locked, the right code does not help either."""

    user: Person

    def clean_code(self) -> str:
        if is_locked(context.request, self.user.username):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        return code


class SecondFactorForm(_Labelled, _NotWhileLocked, mfa.AuthenticateForm):
    starts_at = "code"
    help_texts = {"code": "身份验证器显示的6位数字；手机不在身边时，可以输入一个恢复码。"}


class SecondFactorAgainForm(_Labelled, _NotWhileLocked, mfa.ReauthenticateForm):
    help_texts = SecondFactorForm.help_texts


class ActivateTotpForm(_Labelled, totp.ActivateTOTPForm):
    help_texts = {"code": "扫码后，身份验证器显示的6位数字。"}
