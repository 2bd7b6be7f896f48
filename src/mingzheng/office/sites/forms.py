"""Forms of sites. What is right is decided by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from mingzheng.city.models import Unit
from mingzheng.city.permissions import Access
from mingzheng.portal.sites.models import CityNotice, Site, SiteAct
from mingzheng.portal.sites.services import PALETTES

_DAY: Any = forms.DateInput(attrs={"type": "date"})
_MOMENT: Any = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class FactsForm(forms.Form):
    """What stands on every page of a site."""

    name = forms.CharField(label="网站名称", max_length=60, help_text="主办单位的全称或者规范简称。")
    domain = forms.CharField(
        label="域名", max_length=100, required=False,
        help_text="以.gov.cn结尾；留空则使用门户网站域名下的网址。",
    )  # fmt: skip
    id_code = forms.CharField(label="网站标识码", max_length=10)
    icp = forms.CharField(label="ICP备案号", max_length=40, required=False, help_text="开通前须填写。")
    police = forms.CharField(label="公安机关备案号", max_length=40, required=False)
    sponsor = forms.CharField(label="主办单位署名", max_length=60)
    organiser = forms.CharField(label="承办单位", max_length=60, required=False)
    contact = forms.CharField(label="联系方式", max_length=100)


class ApplyForm(FactsForm):
    """An application for a site."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="主办单位", empty_label=None)
    slug = forms.CharField(
        label="网址名", max_length=40, help_text="小写字母、数字和短横，如单位简称的拼音首字母；以后不能改。"
    )
    reason = forms.CharField(label="开设理由", max_length=300)
    field_order = ("unit", "slug", "name")

    def __init__(self, access: Access, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        without = access.units("site.edit").filter(active_to=None, parent__parent=None, site=None)
        self.fields["unit"].queryset = without.exclude(parent=None).order_by("sort", "id")  # type: ignore[attr-defined]


class MenuForm(forms.Form):
    menu = forms.CharField(
        label="导航菜单", required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一项：名称、空格、地址；地址可以是本平台的网页（以“/”开头）、完整网址，或者栏目代码（如 DT01）。可以从表格中复制粘贴。",
    )  # fmt: skip


class LinksForm(forms.Form):
    links = forms.CharField(
        label="友情链接", required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="每行一个：名称、空格、地址。用【】单独一行写分组名称。",
    )  # fmt: skip


class ThemeForm(forms.Form):
    """Colour, banner and logo."""

    colour = forms.ChoiceField(
        label="主色",
        choices=[*((code, f"{name} {code}") for code, name in PALETTES.items()), ("own", "其他颜色")],
    )
    own_colour = forms.CharField(
        label="其他颜色", required=False, max_length=7, help_text="如 #0b4485；与白色文字的对比度不低于4.5。"
    )
    banner = forms.FileField(label="横幅图片", required=False, help_text="显示在页眉右侧，宽1200像素以内。")
    logo = forms.FileField(label="网站标志", required=False, help_text="显示在网站名称左侧，高60像素。")
    no_banner = forms.BooleanField(label="不用横幅", required=False)
    no_logo = forms.BooleanField(label="不用标志", required=False)
    pack = forms.CharField(
        label="自有模板",
        required=False,
        max_length=31,
        help_text="由系统维护人员装入的模板的名称，一般留空。",
    )

    @staticmethod
    def of(site: Site) -> dict[str, str]:
        """The theme as the form shows it."""
        colour = site.theme.get("colour", next(iter(PALETTES)))
        own = "" if colour in PALETTES else colour
        return {"colour": "own" if own else colour, "own_colour": own, "pack": site.theme.get("pack", "")}

    def chosen(self) -> str:
        given = self.cleaned_data
        return str(given["own_colour"] if given["colour"] == "own" else given["colour"])


class ActForm(forms.Form):
    """A decision about a site; which dates it needs depends on what is decided."""

    reason = forms.CharField(label="依据或原因", max_length=300)
    starts_on = forms.DateField(label="自", widget=_DAY, required=False)
    ends_on = forms.DateField(label="至", widget=_DAY, required=False)
    target = forms.CharField(label="关停后转到", max_length=200, required=False)

    def __init__(self, kind: SiteAct.Kind, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{kind}-%s")
        kinds = SiteAct.Kind
        if kind not in (kinds.OPENED, kinds.SUSPENDED, kinds.RESUMED, kinds.CLOSING):
            del self.fields["starts_on"]
        else:
            self.fields["starts_on"].initial = timezone.localdate()
        if kind != kinds.SUSPENDED:
            del self.fields["ends_on"]
        if kind != kinds.CLOSING:
            del self.fields["target"]


class NoticeForm(forms.Form):
    """A switch for all sites."""

    kind = forms.ChoiceField(label="种类", choices=CityNotice.Kind.choices)
    text = forms.CharField(
        label="内容", max_length=200, help_text="紧急公告显示在每个页面上方；灰度显示的，写明缘由，只作记录。"
    )
    url = forms.CharField(label="详情地址", max_length=200, required=False)
    starts_at = forms.DateTimeField(
        label="开始时间", required=False, widget=_MOMENT, help_text="留空即刻开始。"
    )
    ends_at = forms.DateTimeField(
        label="结束时间", required=False, widget=_MOMENT, help_text="留空则到撤销为止。"
    )
