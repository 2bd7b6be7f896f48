from django.apps import AppConfig


class ReadingConfig(AppConfig):
    name = "mingzheng.portal.reading"
    label = "reading"
    verbose_name = "浏览统计"
