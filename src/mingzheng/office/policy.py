"""What Wagtail's own views ask before they draw or act: answered from the permission table, for every model alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.permission_policies import BasePermissionPolicy

from mingzheng.city.models import Person
from mingzheng.city.permissions import Access


class TablePolicy(BasePermissionPolicy):
    """Wagtail's words in ours. What is not among the verbs goes through our own screens, so Wagtail is told no."""

    verbs: dict[str, str]
    unit_field: str

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in self.verbs and Access(user).anywhere(self.verbs[action])

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        return action in self.verbs and Access(user).may(self.verbs[action], instance.unit)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Any) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        verbs = {self.verbs[action] for action in actions if action in self.verbs}
        if not verbs:
            return self.model._default_manager.none()
        reading = self.verbs["view"]
        verb = reading if reading in verbs else next(iter(verbs))
        return self.model._default_manager.filter(Access(user).where(verb, self.unit_field))

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return Person.objects.none()


class ManuscriptPolicy(TablePolicy):
    """Adding, deleting and publishing manuscripts are acts of our own."""

    verbs = {
        "view": "manuscript.read",
        "change": "manuscript.write",
        "lock": "manuscript.write",
        "unlock": "manuscript.write",
    }
    unit_field = "unit"


class SiteHomePolicy(TablePolicy):
    """A home page comes with its site; it is composed and published."""

    verbs = {"view": "site.edit", "change": "site.edit", "publish": "site.edit"}
    unit_field = "site__unit"


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
