"""How allauth behaves here: nobody signs up, everything is said in Chinese, a role is needed to get in."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from mingzheng.city import audit
from mingzheng.city.client import client_address
from mingzheng.city.models import Person
from mingzheng.office.signin.roles import needs_second_factor, roles_today, why_outside

SIGNED_IN_AT = "signed_in_at"  # session key: seconds since the epoch
_WRONG_CODE = "验证码不正确，请核对后重新输入。"
_TOO_OFTEN = "输错次数过多，请15分钟后再试。"


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """The page that says in one sentence why somebody is not let in."""
    return render(request, "account/refused.html", {"sentence": sentence}, status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: a page left open over a new sign-in. Public pages have their own answer."""
    if request.path.startswith(reverse("wagtailadmin_home")):
        return render(request, "account/stale.html", status=403)
    raise PermissionDenied


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "enter_current_password": "当前密码不正确，请重新输入。",
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": "密码不正确，请重新输入。",
        "username_password_mismatch": "用户名或密码不正确。",
        "too_many_login_attempts": _TOO_OFTEN,
        "rate_limited": _TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only addresses of this very site: other hosts that we serve are no place to go after signing in."""
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()}))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or super().get_client_ip(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: Axes counts wrong passwords."""

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        left = settings.AXES_FAILURE_LIMIT - (getattr(request, "axes_failures_since_start", None) or 0)
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        raise ValidationError(f"用户名或密码不正确。再输错{left}次，将锁定{minutes}分钟。")

    def pre_login(self, request: HttpRequest, user: Person, **details: Any) -> HttpResponse | None:
        if user.is_active and not roles_today(user):
            return refused(request, why_outside(user))
        response: HttpResponse | None = super().pre_login(request, user, **details)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("wagtailadmin_home")

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """Who signed in less than five minutes ago is not asked again."""
        signed_in_at = context.request.session.get(SIGNED_IN_AT, 0)
        required: bool = super().is_reauthentication_required(app=app, **details)
        return required and time.time() - signed_in_at > 300


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "cannot_delete_authenticator": "按照规定，您的角色必须使用双因素认证，不能停用。",
        "cannot_generate_recovery_codes": "请先绑定身份验证器，再生成恢复码。",
    }

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(roles_today(authenticator.user))

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    """The secrets of second factors are useless to who holds the database without the installation's key."""
    key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that exist; the first time they are found by name, then by the subject."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not sociallogin.is_existing:
            self._connect(request, sociallogin)

    def _connect(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        account = sociallogin.account
        username = str(_claims(account).get(settings.OIDC_USERNAME_CLAIM) or "")
        person = Person.objects.filter(username=username, is_active=True).first() if username else None
        if person is None:
            self._refuse(request, f"统一身份认证的用户“{username}”在本平台没有可用的账号")
        if SocialAccount.objects.filter(user=person, provider=account.provider).exists():
            self._refuse(request, f"本平台账号“{username}”已与另一个统一身份认证用户绑定")
        sociallogin.connect(request, person)
        address = client_address(request)
        audit.append(
            person, "signin.sso_bound", f"person:{person.pk}", {"uid": account.uid, "address": address}
        )

    def _refuse(self, request: HttpRequest, sentence: str) -> NoReturn:
        raise ImmediateHttpResponse(refused(request, f"{sentence}，请联系{settings.SIGNIN_CONTACT}。"))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        self._refuse(request, "统一身份认证没有完成，请返回重试；仍不成功的")


def _claims(account: SocialAccount) -> dict[str, Any]:
    data = account.extra_data
    return {**data.get("id_token", {}), **data.get("userinfo", {})}
