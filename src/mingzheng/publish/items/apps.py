from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "mingzheng.publish.items"
    label = "items"
    verbose_name = "公开信息"
