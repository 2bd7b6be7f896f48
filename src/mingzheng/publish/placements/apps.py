from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "mingzheng.publish.placements"
