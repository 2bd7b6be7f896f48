from django.apps import AppConfig


class MeasureConfig(AppConfig):
    name = "mingzheng.measure"
    label = "measure"
    verbose_name = "测评与年报"
