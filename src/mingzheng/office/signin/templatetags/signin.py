"""Small things that the sign-in pages show."""

from __future__ import annotations

from typing import Final

from django import template
from django.conf import settings

register = template.Library()

_BROWSERS: Final = (
    ("Edg", "Edge浏览器"), ("Firefox", "火狐浏览器"), ("MicroMessenger", "微信"), ("Chrome", "Chrome浏览器"),
    ("Safari", "Safari浏览器"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Windows", "Windows"), ("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"),
    ("Mac OS", "苹果电脑"), ("UOS", "统信系统"), ("Kylin", "麒麟系统"), ("Linux", "Linux"),
)  # fmt: skip


@register.simple_tag
def contact() -> str:
    """Whom to ask for help."""
    return settings.SIGNIN_CONTACT


@register.filter
def device(user_agent: str) -> str:
    """The browser and system behind a user agent, in words."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "其他浏览器")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}（{system}）" if system else browser
