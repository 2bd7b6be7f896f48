from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "mingzheng.office"
    label = "office"
    verbose_name = "工作平台"
