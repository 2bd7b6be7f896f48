from django.apps import AppConfig


class DoublesConfig(AppConfig):
    name = "mingzheng.publish.doubles"
