"""All that is stored, to compare with what is stored later."""

from django.apps import apps


def stored() -> dict[str, list[dict]]:
    """Every row of every table."""
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}
