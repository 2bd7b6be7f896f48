from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mingzheng.portal.jobs"
    label = "portal_jobs"
