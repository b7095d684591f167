from django.apps import AppConfig


class SkycrumbsConfig(AppConfig):
    name = "skycrumbs"

    def ready(self) -> None:
        from skycrumbs import checks  # noqa: F401  registers the operator's system checks
