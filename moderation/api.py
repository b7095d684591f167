"""Flags, made by programs. Nothing here lists them."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.networks import network_of
from comments.api import ID, gone_or_unknown
from comments.models import Comment
from moderation import services
from moderation.models import Flag, Reason
from moderation.querysets import nameable_by
from moderation.serializers import FlagSerializer, NewFlagSerializer
from skycrumbs.api_docs import responses
from skycrumbs.api_views import ApiView


class FlagList(ApiView):
    queryset = Flag.objects.none()
    serializer_class = FlagSerializer

    @extend_schema(
        summary="Report a comment to the moderators",
        parameters=[ID],
        request=NewFlagSerializer,
        responses=responses({201: FlagSerializer, 200: FlagSerializer}, 400, 401, 403, 404, 410, 413, 415, 429),
    )
    def post(self, request: Request, id: UUID) -> Response:
        """200 with the flag as it was if one's own is open already.

        A comment that its author withdrew can be reported for 24 hours.
        """
        comment = self.find(id)
        sent = self.read_body(NewFlagSerializer).validated_data
        flag, is_new = services.flag(
            comment,
            by=cast(User, request.user),
            reason=Reason(sent["reason"]),
            note=sent["note"],
            network=network_of(request),
        )
        return Response(FlagSerializer(flag).data, status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    def find(self, public_id: UUID) -> Comment:
        """The comment, if the viewer knows of it; raises Removed for what anyone could read once, else Http404."""
        found = nameable_by(self.request.user).filter(public_id=public_id).first()
        if found is None:
            raise gone_or_unknown(public_id)
        return found
