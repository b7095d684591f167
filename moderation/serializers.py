"""Flags as JSON, read and written."""

from rest_framework import serializers

from moderation.models import NOTE_MAX_LENGTH, Reason
from skycrumbs.api_fields import ChoiceField, StrictSerializer, TextField, UTCField


class FlagSerializer(serializers.Serializer):
    """A flag, to whoever made it."""

    reason = serializers.CharField()
    note = serializers.CharField()
    created = UTCField(source="created_at")


class NewFlagSerializer(StrictSerializer):
    reason = ChoiceField(choices=Reason.choices)
    note = TextField(
        default="",
        allow_blank=True,
        help_text=f"For the moderators: at most {NOTE_MAX_LENGTH} code points; needed with `other`.",
    )
