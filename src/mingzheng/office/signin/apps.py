from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "mingzheng.office.signin"
    label = "signin"
    verbose_name = "登录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mingzheng.office.signin import auditing  # noqa: F401  (its receivers connect themselves)
