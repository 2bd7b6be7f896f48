from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "mingzheng.publish.documents"
