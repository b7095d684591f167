"""What the API reads and writes, field by field: as strict as JSON is typed."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from skycrumbs.api_problems import UnknownField, below
from skycrumbs.problems import FieldError
from skycrumbs.text import UnfitText, clean, quoted


class StrictSerializer(serializers.Serializer):
    """Refuses what it does not know, at every level."""

    default_error_messages = {"invalid": gettext_lazy("Send a JSON object.")}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError(_("Send a JSON object."), code="not_an_object")
        unknown = [name for name in data if name not in self.fields]
        if unknown:
            raise self._unknown(unknown)
        return super().to_internal_value(data)

    def _unknown(self, names: list[str]) -> UnknownField:
        own_name = self.field_name or ""
        detail = _("There is no such field here.")
        errors = tuple(FieldError(below(own_name, name), "unknown_field", detail) for name in names)
        return UnknownField(detail, errors=errors)


class TextField(serializers.CharField):
    """A string, given on as it was sent: what may stand in it is for the rules below to say."""

    default_error_messages = {"invalid": gettext_lazy("Send a string.")}

    def run_validation(self, data: Any = serializers.empty) -> Any:
        # Past CharField's own, which trims and knows what is blank.
        return serializers.Field.run_validation(self, data)

    def run_validators(self, value: str) -> None:
        """None of CharField's own: one rule for pages and API says what may stand in a text."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return data


class WordsField(TextField):
    """A string without control characters, in NFC, at most `most` code points long; space around it stays."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        try:
            return self.fit(super().to_internal_value(data))
        except UnfitText as unfit:
            raise serializers.ValidationError(str(unfit), code=unfit.code) from unfit

    def fit(self, text: str) -> str:
        clean(text, max_length=self.most)
        return unicodedata.normalize("NFC", text)


class QuotedField(WordsField):
    """Words to be found in a text that stands here, whatever it holds; in NFC, at most `most` code points long."""

    def fit(self, text: str) -> str:
        return quoted(text, max_length=self.most)


class WholeNumberField(serializers.IntegerField):
    """A JSON number without a fraction; no string, no true."""

    default_error_messages = {"invalid": gettext_lazy("Send a whole number.")}

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class ChoiceField(serializers.ChoiceField):
    """One of a few words; says which."""

    default_error_messages = {"invalid_choice": gettext_lazy("Use one of: {allowed}.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", allowed=", ".join(self.choices))
        return data


class UTCField(serializers.DateTimeField):
    """A moment in UTC. (RFC 3339, section 5.6)"""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)


class LinksSerializer(serializers.Serializer):
    """Absolute addresses."""

    self = serializers.URLField(help_text="This, in the API.")
    html = serializers.URLField(help_text="This, for people.")
