from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "mingzheng.publish.catalogue"
    label = "catalogue"
    verbose_name = "公开目录"
