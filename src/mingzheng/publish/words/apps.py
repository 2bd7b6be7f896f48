from django.apps import AppConfig


class WordsConfig(AppConfig):
    name = "mingzheng.publish.words"
