from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "mingzheng.city"
    label = "city"
    verbose_name = "机构与人员"
