"""Settings of signing in: passwords, lock-outs, second factor, single sign-on, sessions."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

_DEBUG = os.environ.get("MINGZHENG_DEBUG") == "1"

# A person signs in with a name and a password that the system administrator gave out; nobody signs up alone.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "mingzheng.office.access.OfficeBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/office/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "mingzheng.office.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "mingzheng.office.signin.forms.LoginForm",
    "change_password": "mingzheng.office.signin.forms.ChangePasswordForm",
    "reauthenticate": "mingzheng.office.signin.forms.ReauthenticateForm",
}
# Wrong passwords and codes are counted by Axes, below, in the database: allauth's own count is per process.
# A whole building may share one address, so the limit per address only stops machines.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": None}
CSRF_FAILURE_VIEW = "mingzheng.office.signin.adapters.stale_form"

# Whom to ask, as it stands in every sentence that needs help, e.g. "系统管理员（电话：62200000）".
SIGNIN_CONTACT = os.environ.get("MINGZHENG_ADMIN_CONTACT", "系统管理员")

# Passwords.
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "mingzheng.office.signin.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "mingzheng.office.signin.passwords.NotCommon"},
    {"NAME": "mingzheng.office.signin.passwords.ThreeKindsOfCharacters"},
    {"NAME": "mingzheng.office.signin.passwords.NotRecentlyUsed"},
]
PASSWORD_DAYS = int(os.environ.get("MINGZHENG_PASSWORD_DAYS", "0"))  # days until it must be changed; 0: never

# Wrong passwords and codes: 5 for a name from one address, or 20 from anywhere, lock it out for 15 minutes.
AXES_FAILURE_LIMIT = 5
AXES_FAILURE_LIMIT_ANYWHERE = 20
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_HANDLER = "mingzheng.office.signin.lockout.LockoutHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username"]
AXES_LOCKOUT_CALLABLE = "mingzheng.office.signin.lockout.locked_page"
AXES_USERNAME_CALLABLE = "mingzheng.office.signin.lockout.tried_username"
AXES_CLIENT_IP_CALLABLE = "mingzheng.city.client.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in the audit chain
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "csrfmiddlewaretoken"]

# How many proxies of our own stand before us: the client's address is the one that the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("MINGZHENG_PROXIES", "0"))

# Second factor. Who holds one of these roles must have it.
REQUIRE_SECOND_FACTOR = frozenset(
    role.strip()
    for role in os.environ.get(
        "MINGZHENG_REQUIRE_SECOND_FACTOR", "" if _DEBUG else "signer,office,admin,auditor,secrecy"
    ).split(",")
    if role.strip()
)
MFA_ADAPTER = "mingzheng.office.signin.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": "mingzheng.office.signin.forms.SecondFactorForm",
    "reauthenticate": "mingzheng.office.signin.forms.SecondFactorAgainForm",
    "activate_totp": "mingzheng.office.signin.forms.ActivateTotpForm",
}
MFA_TOTP_ISSUER = "明政"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off

# Single sign-on by OpenID Connect, on when its issuer is named. It opens existing accounts only.
SOCIALACCOUNT_ADAPTER = "mingzheng.office.signin.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
OIDC_USERNAME_CLAIM = os.environ.get("MINGZHENG_OIDC_USERNAME_CLAIM", "preferred_username")
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if _issuer := os.environ.get("MINGZHENG_OIDC_ISSUER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "sso",
            "name": os.environ.get("MINGZHENG_OIDC_NAME", "统一身份认证"),
            "client_id": os.environ.get("MINGZHENG_OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("MINGZHENG_OIDC_SECRET", ""),
            "settings": {"server_url": _issuer},
        }
    )

# Sessions: they end after half an hour of inactivity, and after eight hours in any case.
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_AGE = 30 * 60  # seconds
SESSION_RENEW_AFTER = (
    SESSION_COOKIE_AGE // 2
)  # seconds; a session is written again only when half of it is used up
SESSION_LONGEST = 8 * 60 * 60  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if os.environ.get("MINGZHENG_HTTPS") == "1":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
