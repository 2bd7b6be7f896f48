from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "mingzheng.portal.sites"
    label = "portal_sites"
