"""Flags, made by programs. Nothing here lists them."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import idempotency
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
        parameters=[ID, *idempotency.PARAMETERS],
        request=NewFlagSerializer,
        responses=responses(
            {201: FlagSerializer, 200: FlagSerializer}, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429
        ),
    )
    def post(self, request: Request, id: UUID) -> Response:
        """200 with the flag as it was if one's own is open already.

        A comment that its author withdrew can be reported for 24 hours.
        """
        return idempotency.answer_once(request, idempotency.account_sender, lambda: self._write(id), self._show_again)

    def _write(self, public_id: UUID) -> tuple[Response, str]:
        comment = self.find(public_id)
        sent = self.read_body(NewFlagSerializer).validated_data
        flag, is_new = services.flag(
            comment,
            by=cast(User, self.request.user),
            reason=Reason(sent["reason"]),
            note=sent["note"],
            network=network_of(self.request),
        )
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return Response(FlagSerializer(flag).data, status=status), str(flag.pk)

    def _show_again(self, flag_id: str) -> Response:
        return Response(FlagSerializer(get_object_or_404(Flag, pk=flag_id)).data)

    def find(self, public_id: UUID) -> Comment:
        """The comment, if the viewer knows of it; raises Removed for what anyone could read once, else Http404."""
        found = nameable_by(self.request.user).filter(public_id=public_id).first()
        if found is None:
            raise gone_or_unknown(public_id)
        return found
