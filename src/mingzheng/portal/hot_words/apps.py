from django.apps import AppConfig


class HotWordsConfig(AppConfig):
    name = "mingzheng.portal.hot_words"
