"""Password rules beyond Django's own, and when a password must be changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from mingzheng.city.models import Person
from mingzheng.office.signin.models import PasswordRecord

REMEMBERED: Final = 5  # passwords


class LongEnough(MinimumLengthValidator):
    """Validator: Django's, with our sentence."""

    def get_error_message(self) -> str:
        return f"密码不能少于{self.min_length}个字符。"


class NotCommon(CommonPasswordValidator):
    """Validator: Django's list of twenty thousand, with our sentence."""

    def get_error_message(self) -> str:
        return "该密码过于常见，容易被猜中，请换一个。"


class ThreeKindsOfCharacters:
    """Validator: three of capital letters, small letters, digits and other characters."""

    def validate(self, password: str, user: Person | None = None) -> None:
        kinds = {_kind(character) for character in password}
        if len(kinds) < 3:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return "密码须包含大写字母、小写字母、数字、其他符号这四类中的至少三类。"


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "capital"
    return "small" if character.islower() else "other"


class NotRecentlyUsed:
    """Validator: none of the last passwords; Django also tells it of every password that was set."""

    def validate(self, password: str, user: Person | None = None) -> None:
        if user is None or user.pk is None:
            return
        used = {record.password for record in _records(user)} | {user.password}
        if any(check_password(password, hashed) for hashed in used):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return f"不能使用最近{REMEMBERED}次用过的密码。"

    def password_changed(self, password: str, user: Person) -> None:
        PasswordRecord.objects.create(person=user, password=user.password)
        kept = _records(user).values("pk")
        user.password_records.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _records(person: Person) -> QuerySet[PasswordRecord]:
    return person.password_records.all()[:REMEMBERED]


@receiver(post_save, sender=Person)
def record_first_password(instance: Person, created: bool, **details: Any) -> None:
    """Django tells its validators of every password but the one that ``create_user`` puts in."""
    told = getattr(instance, "_password", None) is not None
    if created and instance.has_usable_password() and not told:
        PasswordRecord.objects.create(person=instance, password=instance.password)


def mark_as_own(person: Person) -> None:
    """Note that the person chose the password in force, so that no further change is asked for."""
    if newest := person.password_records.first():
        newest.by_owner = True
        newest.save(update_fields=["by_owner"])


def why_change(person: Person) -> str:
    """Why the password must be changed before anything else, in one sentence; empty when it need not be."""
    newest = person.password_records.first()
    if newest is None or not person.has_usable_password():
        return ""
    if not newest.by_owner:
        return "您正在使用系统管理员设置的密码，请先改成自己的密码。"
    days = settings.PASSWORD_DAYS
    if days and newest.set_at + timedelta(days=days) < timezone.now():
        return f"您的密码已使用超过{days}天，请先修改密码。"
    return ""
