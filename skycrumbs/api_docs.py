"""The API's description of itself, and the page that shows it."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object
from rest_framework import serializers

from skycrumbs.problems import CONTENT_TYPE


class FieldErrorSerializer(serializers.Serializer):
    field = serializers.CharField(help_text="As it was sent: `anchor.start`.")
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="For people.")


class ProblemSerializer(serializers.Serializer):
    """A refusal. (RFC 9457)"""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="For people.")
    errors = FieldErrorSerializer(  # type: ignore[assignment]
        many=True, required=False, help_text="What is wrong with which field."
    )


def responses(answers: Mapping[int, Any], *refused: int) -> dict[tuple[int, str], Any]:
    """What an address may answer: JSON by status, and the statuses of its refusals."""
    # All keys of one shape: the description takes the smallest of them for what an address is about.
    good = {(status, "application/json"): shape for status, shape in answers.items()}
    return good | dict.fromkeys(((status, CONTENT_TYPE) for status in refused), ProblemSerializer)


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return build_bearer_security_scheme_object(header_name="Authorization", token_prefix="Token")  # noqa: S106
