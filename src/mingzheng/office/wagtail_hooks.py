"""What Wagtail shows of itself here, and what it does not."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy
from wagtail.snippets.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.snippets.models import register_snippet

from mingzheng.city.permissions import Access
from mingzheng.office.manuscripts.viewset import ManuscriptViewSet
from mingzheng.office.policy import ManuscriptPolicy, SiteHomePolicy
from mingzheng.office.sites.home import SiteHomeViewSet
from mingzheng.portal.sites.models import SiteHome
from mingzheng.publish.manuscripts.models import Manuscript

register_permission_policy(Manuscript, ManuscriptPolicy(Manuscript))
register_snippet(ManuscriptViewSet)
register_permission_policy(SiteHome, SiteHomePolicy(SiteHome))
register_snippet(SiteHomeViewSet)

# Name in the menu -> the verb that somebody must be able to do somewhere to see it; None: everybody.
MENU: dict[str, str | None] = {
    "desk": None,
    "manuscripts": "manuscript.read",
    "items": "item.read",
    "policies": "item.read",
    "attributes": "item.read",
    "gazettes": "gazette.manage",
    "placements": "item.publish",
    "topics": "item.publish",
    "findings": "item.read",
    "sites": "site.edit",
    "publishing": "page.publish",
    "readings": "reading.read",
    "operators": "operator.read",
    "delegations": "manuscript.review",
    "accounts": "unit.manage",
    "keys": "unit.manage",
    "audit": "audit.read",
    "catalogue": "catalogue.adjust",
    "words": "words.allow",
    "routes": "route.manage",
}


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    return MenuItem("我的工作", reverse("wagtailadmin_home"), name="desk", icon_name="home", order=100)


@hooks.register("register_admin_menu_item")
def items_item() -> MenuItem:
    return MenuItem("已发布信息", reverse("office_items"), name="items", icon_name="doc-full", order=160)


@hooks.register("register_admin_menu_item")
def policies_item() -> MenuItem:
    return MenuItem("规范性文件", reverse("office_policies"), name="policies", icon_name="list-ul", order=170)


@hooks.register("register_admin_menu_item")
def attributes_item() -> MenuItem:
    return MenuItem(
        "公开属性认定", reverse("office_attributes"), name="attributes", icon_name="lock-open", order=175
    )


@hooks.register("register_admin_menu_item")
def gazettes_item() -> MenuItem:
    return MenuItem(
        "政府公报", reverse("office_gazettes"), name="gazettes", icon_name="doc-full-inverse", order=180
    )


@hooks.register("register_admin_menu_item")
def placements_item() -> MenuItem:
    return MenuItem(
        "推送和置顶", reverse("office_placements"), name="placements", icon_name="copy", order=185
    )


@hooks.register("register_admin_menu_item")
def topics_item() -> MenuItem:
    return MenuItem("专题", reverse("office_topics"), name="topics", icon_name="folder-open-1", order=187)


@hooks.register("register_admin_menu_item")
def findings_item() -> MenuItem:
    return MenuItem("问题清单", reverse("office_findings"), name="findings", icon_name="warning", order=200)


@hooks.register("register_admin_menu_item")
def sites_item() -> MenuItem:
    return MenuItem("网站管理", reverse("office_sites"), name="sites", icon_name="site", order=190)


@hooks.register("register_admin_menu_item")
def publishing_item() -> MenuItem:
    return MenuItem(
        "页面发布", reverse("office_publishing"), name="publishing", icon_name="upload", order=195
    )


@hooks.register("register_admin_menu_item")
def readings_item() -> MenuItem:
    return MenuItem("浏览统计", reverse("office_readings"), name="readings", icon_name="view", order=240)


@hooks.register("register_admin_menu_item")
def operators_item() -> MenuItem:
    return MenuItem("运维工作量", reverse("office_operators"), name="operators", icon_name="table", order=250)


@hooks.register("register_admin_menu_item")
def delegations_item() -> MenuItem:
    return MenuItem(
        "委托办理", reverse("office_delegations"), name="delegations", icon_name="user", order=300
    )


@hooks.register("register_admin_menu_item")
def catalogue_item() -> MenuItem:
    return MenuItem("公开目录", reverse("office_catalogue"), name="catalogue", icon_name="list-ul", order=500)


@hooks.register("register_admin_menu_item")
def routes_item() -> MenuItem:
    return MenuItem("审核流程", reverse("office_routes"), name="routes", icon_name="tasks", order=600)


@hooks.register("register_admin_menu_item")
def words_item() -> MenuItem:
    return MenuItem("词表", reverse("office_words"), name="words", icon_name="list-ul", order=550)


@hooks.register("register_admin_menu_item")
def accounts_item() -> MenuItem:
    return MenuItem("账号管理", reverse("office_accounts"), name="accounts", icon_name="group", order=700)


@hooks.register("register_admin_menu_item")
def keys_item() -> MenuItem:
    return MenuItem("接口密钥", reverse("office_keys"), name="keys", icon_name="key", order=720)


@hooks.register("register_admin_menu_item")
def audit_item() -> MenuItem:
    return MenuItem("审计记录", reverse("office_audit"), name="audit", icon_name="history", order=800)


@hooks.register("construct_main_menu", order=1000)
def only_our_menu(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's own entries lead to doors that are closed."""
    access = getattr(request, "access", None) or Access(request.user)
    items[:] = [item for item in items if item.name in MENU and _shown(access, MENU[item.name])]


def _shown(access: Access, verb: str | None) -> bool:
    reviews = ("manuscript.review", "manuscript.secrecy", "manuscript.sign")
    if verb == "manuscript.review":
        return any(access.anywhere(each) for each in reviews)
    return verb is None or access.anywhere(verb)


class HandInItem(ActionMenuItem):
    """保存并送审, beside the plain save."""

    name = "action-hand-in"
    label = "保存并送审"
    icon_name = "upload"

    def is_shown(self, context: Any) -> bool:
        return context["view"] == "edit" and super().is_shown(context)


@hooks.register("construct_snippet_action_menu")
def manuscript_actions(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    if context.get("model") is Manuscript:
        items[:] = [item for item in items if item.name in ("action-save", "action-locked")]
        if not context.get("locked_for_user"):
            items.append(HandInItem(order=10))


class PublishHomeItem(PublishMenuItem):
    """Wagtail asks Django's own permissions, which nobody has here; the guard has asked the table before."""

    def is_shown(self, context: Any) -> bool:
        return context["view"] == "edit"


@hooks.register("construct_snippet_action_menu")
def home_actions(items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    if context.get("model") is SiteHome:
        items[:] = [item for item in items if item.name in ("action-save", "action-locked")]
        items.append(PublishHomeItem(order=10))


@hooks.register("insert_global_admin_css")
def css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("office/desk.css"))


@hooks.register("insert_global_admin_js")
def js() -> str:
    return format_html('<script src="{}" defer></script>', static("office/desk.js"))
