"""Signing in and out, the second factor, the list of one's sessions.

Only what is used: nobody signs up, gives an e-mail address or gets a password by mail. Wagtail's own doors,
which know neither lock-outs nor second factors, lead here.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.socialaccount import views as social
from django.urls import include, path, re_path
from django.views.generic import RedirectView, TemplateView

_to_login = RedirectView.as_view(pattern_name="account_login", query_string=True)

_signin = [
    path("", _to_login, name="signin"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path(
        "password/set/",
        TemplateView.as_view(template_name="account/no_password.html"),
        name="account_set_password",
    ),
    path(
        "password/reset/",
        TemplateView.as_view(template_name="account/password_reset.html"),
        name="account_reset_password",
    ),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/", include("allauth.mfa.totp.urls")),
    path("2fa/recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("sso/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]

urlpatterns = [
    path("signin/", include(_signin)),
    path("logout/", account.logout, name="wagtailadmin_logout"),
    path("login/", _to_login, name="wagtailadmin_login"),
    re_path("^password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
]
