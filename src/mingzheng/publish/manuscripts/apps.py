from django.apps import AppConfig


class ManuscriptsConfig(AppConfig):
    name = "mingzheng.publish.manuscripts"
