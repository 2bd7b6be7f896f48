from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "mingzheng.publish.reviews"
