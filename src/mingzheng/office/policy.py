"""What Wagtail's own views ask before they draw or act: answered from the permission table, for every model alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from wagtail.permission_policies import BasePermissionPolicy

from mingzheng.city.models import Person
from mingzheng.city.permissions import Access

VERBS: Final = {
    "view": "manuscript.read",
    "change": "manuscript.write",
    "lock": "manuscript.write",
    "unlock": "manuscript.write",
}


class ManuscriptPolicy(BasePermissionPolicy):
    """Wagtail's words in ours. Adding and deleting go through our own screens, so Wagtail is told no."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in VERBS and Access(user).anywhere(VERBS[action])

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return action in VERBS and Access(user).may(VERBS[action], instance.unit)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        verbs = {VERBS[action] for action in actions if action in VERBS}
        if not verbs:
            return self.model._default_manager.none()
        verb = "manuscript.read" if "manuscript.read" in verbs else "manuscript.write"
        return self.model._default_manager.filter(Access(user).where(verb))

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return Person.objects.none()


class ClosedPolicy(BasePermissionPolicy):
    """For Wagtail's own models that nobody manages here: no, always."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return False

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return False

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        return self.model._default_manager.none()

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return Person.objects.none()
