"""Who may enter the back office: everybody with a role that holds today. No Django group or permission is used."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend

from mingzheng.city.permissions import holds_a_role


class OfficeBackend(BaseBackend):
    """Answers Wagtail's one question at the door; what a person may do inside follows from the permission table."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm == "wagtailadmin.access_admin" and holds_a_role(user_obj)
