from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "mingzheng.publish.files"
    label = "files"
    verbose_name = "附件"
