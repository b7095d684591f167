"""Comments, read and written by programs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts import idempotency
from accounts.limits import address_key
from accounts.models import User
from accounts.networks import network_of
from articles.models import Article
from comments import services
from comments.errors import StaleVersion
from comments.filters import CommentFilter
from comments.models import Comment
from comments.placing import Selection
from comments.querysets import CommentQuerySet
from comments.readings import Reading, read_as
from comments.serializers import (
    AnchorSerializer,
    CommentSerializer,
    EditedCommentSerializer,
    NewAnchorSerializer,
    NewCommentSerializer,
    PassageSerializer,
    VoteSerializer,
)
from comments.states import WAITING_STATES
from comments.then_and_now import then_and_now
from skycrumbs.api_docs import responses
from skycrumbs.api_views import ApiView
from skycrumbs.etags import PreconditionFailed, check_if_match
from skycrumbs.ids import from_key
from skycrumbs.keeping import made_from
from skycrumbs.paging import CursorPaging
from skycrumbs.problems import Invalid, Removed

ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="22 characters.")
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of what was read, or `*`."
)
MOST_COUNTS = 100
COUNTS = {"type": "object", "additionalProperties": {"type": "integer"}, "example": {"a-slug": 12, "another": 0}}


class CommentPaging(CursorPaging):
    """In order of creation, which the public id itself tells."""

    def first(self, number: int, ordered: CommentQuerySet) -> list[Comment]:
        # Looked for are ids alone: a database that sorts what it found would carry all its texts along.
        found = ordered.values("pk")[:number]
        return list(Comment.objects.filter(pk__in=found).order_by(*ordered.query.order_by).with_page())

    def key_of(self, row: Comment) -> str:
        return row.key

    def position_of(self, key: str) -> tuple[Any, ...] | None:
        public_id = from_key(key)
        return None if public_id is None else (public_id,)


class CommentView(ApiView):
    """The base of the views of comments: how they find and show them."""

    queryset = Comment.objects.none()
    serializer_class = CommentSerializer

    def show(self, comments: Sequence[Comment]) -> list[dict[str, Any]]:
        readings = read_as(self.request.user, comments)
        return list(CommentSerializer(readings, many=True, context=self.get_serializer_context()).data)

    def show_page(self, comments: CommentQuerySet) -> Response:
        page = self.paginate_queryset(comments)
        return self.get_paginated_response(self.show(page or []))

    def show_written(self, comment: Comment, status: HTTPStatus) -> Response:
        """What was just written, to its author: `status`, or 202 where it waits for a moderator."""
        held = comment.state in WAITING_STATES
        # Whoever just wrote it sees it, though a guest could not ask for it again.
        reading = Reading(Comment.objects.with_page().get(pk=comment.pk), is_removed=False, sees_head=True)
        document = CommentSerializer(reading, context=self.get_serializer_context()).data
        return Response(document, status=HTTPStatus.ACCEPTED if held else status)

    def check_if_match(self, document: Any) -> bool:
        """Whether the request is made for what stands here, `document`, alone. Raises PreconditionFailed."""
        header = self.request.headers.get("If-Match")
        if header is None:
            return False
        check_if_match(header, JSONRenderer().render(document))
        # Which holds for whatever stands here. (RFC 9110, section 13.1.1)
        return header.strip() != "*"

    def find(self, public_id: UUID) -> Comment:
        """The comment, if the viewer may read it. Raises Removed for what anyone could read once, else Http404."""
        found = Comment.objects.readable_by(self.request.user).with_page().filter(public_id=public_id).first()
        if found is None:
            raise gone_or_unknown(public_id)
        return found


def gone_or_unknown(public_id: UUID) -> Exception:
    if Comment.objects.once_public().filter(public_id=public_id).exists():
        return Removed(_("This comment was removed."))
    return Http404()


@contextmanager
def _held_to_if_match(is_bound: bool) -> Iterator[None]:
    """What changed between the look and the lock is no other answer to If-Match than what changed before."""
    try:
        yield
    except StaleVersion as stale:
        if is_bound:
            raise PreconditionFailed from stale
        raise


class CommentList(CommentView):
    # Guests write too; `post` asks who they are.
    permission_classes = [AllowAny]
    filter_backends = [DjangoFilterBackend]
    filterset_class = CommentFilter
    pagination_class = CommentPaging

    @extend_schema(
        summary="Comments, in order of creation",
        responses=responses({200: CommentSerializer(many=True)}, 400, 401),
    )
    def get(self, request: Request) -> Response:
        """Public comments, and one's own and moderated ones with a token; page by page."""
        comments = Comment.objects.in_threads(request.user).order_by("public_id")
        return self.show_page(cast(CommentQuerySet, self.filter_queryset(comments)))

    @extend_schema(
        summary="Write a comment, a reply, a highlight or a note",
        parameters=idempotency.PARAMETERS,
        request=NewCommentSerializer,
        responses=responses({201: CommentSerializer, 202: CommentSerializer}, 400, 401, 403, 409, 413, 415, 422, 429),
    )
    def post(self, request: Request) -> Response:
        """201 if it can be read now, 202 with `state` and `reason` if it waits for a moderator.

        Without an account name a `guest`: 202, and nobody can read it until the link that is mailed to the address
        was followed. An anchor names a passage by its words, and by offsets or the text around it where the words
        stand twice.
        """
        return idempotency.answer_once(request, self._sender, self._write, self._show_again)

    def _write(self) -> tuple[Response, str]:
        self._check_is_somebody(self.request)
        new = self.read_body(NewCommentSerializer).submission(network_of(self.request))
        comment = services.submit(new)
        return self._located(self.show_written(comment, HTTPStatus.CREATED)), comment.key

    def _show_again(self, key: str) -> Response:
        """What its sender wrote, as they read it now; a guest's that is not proven yet is shown to no other."""
        public_id = cast(UUID, from_key(key))
        unproven = Comment.objects.unproven().filter(public_id=public_id).first()
        if unproven is not None:
            return self._located(self.show_written(unproven, HTTPStatus.CREATED))
        return self._located(Response(self.show([self.find(public_id)])[0]))

    def _located(self, response: Response) -> Response:
        response.headers["Location"] = response.data["links"]["self"]
        return response

    def _sender(self, request: Request) -> str:
        """Whose an Idempotency-Key is: an account's, or a guest's, whom address and network tell together.

        The address alone anybody can write.
        """
        if request.user.is_authenticated:
            return idempotency.account_sender(request)
        sent = request.data.get("guest") if isinstance(request.data, dict) else None
        email = sent.get("email") if isinstance(sent, dict) else None
        # As ASCII: half a surrogate pair has no UTF-8.
        address = address_key(ascii(email)) if isinstance(email, str) else ""
        return f"guest:{address}:{network_of(request)}"

    def _check_is_somebody(self, request: Request) -> None:
        """Raises NotAuthenticated for who neither signs in nor names a guest."""
        sent = request.data
        if not request.user.is_authenticated and isinstance(sent, dict) and sent.get("guest") is None:
            self.permission_denied(request)


class CommentCounts(ApiView):
    queryset = Comment.objects.none()
    # Nobody is asked who they are: a token that has run out takes no counts away.
    authentication_classes = ()
    is_for_everybody = True

    @extend_schema(
        summary="How many comments stand on each of several articles",
        parameters=[OpenApiParameter("article", str, required=True, many=True, description=f"{MOST_COUNTS} slugs.")],
        responses=responses({200: COUNTS}, 400),
    )
    def get(self, request: Request) -> Response:
        """What readers see; 0 for an article that is not there, or that nobody may read."""
        slugs = list(dict.fromkeys(request.query_params.getlist("article")))
        if not slugs:
            raise Invalid.field("article", "required", _("Name an article."))
        if any("\0" in slug for slug in slugs):
            # No database takes it.
            raise Invalid.field("article", "control_character", _("There is no such article."))
        if len(slugs) > MOST_COUNTS:
            raise Invalid.field("article", "too_many", _("Name at most %d articles.") % MOST_COUNTS)
        found = Article.objects.discussed_in_bulk(slugs)
        made_from(request, *found.values())
        return Response({slug: found[slug].comment_count if slug in found else 0 for slug in slugs})

    def known_parameters(self) -> set[str]:
        return {"article"}


class CommentDetail(CommentView):
    @extend_schema(
        summary="A comment", parameters=[ID], responses=responses({200: CommentSerializer}, 400, 401, 404, 410)
    )
    def get(self, request: Request, id: UUID) -> Response:
        """410 for one that was public and is not any more."""
        comment = self.find(id)
        made_from(request, comment.article)
        return Response(self.show([comment])[0])

    @extend_schema(
        summary="Change the text of one's own comment",
        parameters=[ID, IF_MATCH],
        request=EditedCommentSerializer,
        responses=responses(
            {200: CommentSerializer, 202: CommentSerializer}, 400, 401, 403, 404, 409, 410, 412, 413, 415, 429
        ),
    )
    def patch(self, request: Request, id: UUID) -> Response:
        """202 where the new text waits for a moderator; until then the public goes on reading the old one."""
        comment = self.find(id)
        is_bound = self.check_if_match(self.show([comment])[0])
        sent = self.read_body(EditedCommentSerializer).validated_data
        verb, text = (services.edit, "text") if "text" in sent else (services.correct, "correction")
        is_bound = is_bound and "version" not in sent
        with _held_to_if_match(is_bound):
            edited = verb(
                comment,
                by=cast(User, request.user),
                text=sent[text],
                # What changes between the look and the write is found under the lock.
                seen_version=comment.version if is_bound else sent.get("version"),
                network=network_of(request),
            )
        return self.show_written(edited, HTTPStatus.OK)

    @extend_schema(
        summary="Delete one's own comment",
        parameters=[ID, IF_MATCH],
        responses=responses({204: None}, 400, 401, 403, 404, 409, 410, 412),
    )
    def delete(self, request: Request, id: UUID) -> Response:
        """Text and name leave every list and page; while public replies hang on it, its place stays."""
        comment = self.find(id)
        is_bound = self.check_if_match(self.show([comment])[0])
        seen = comment.version if is_bound else None
        with _held_to_if_match(is_bound):
            services.withdraw(comment, by=cast(User, request.user), seen_version=seen)
        return Response(status=HTTPStatus.NO_CONTENT)


class CommentRestoring(CommentView):
    @extend_schema(
        summary="Take the deletion of one's own comment back",
        parameters=[ID],
        request=None,
        responses=responses({200: CommentSerializer, 202: CommentSerializer}, 400, 401, 403, 404, 409, 410),
    )
    def post(self, request: Request, id: UUID) -> Response:
        """For ten minutes; it is what it was before: 202 where it waits for a moderator again."""
        comment = services.restore(self.find(id), by=cast(User, request.user))
        return self.show_written(comment, HTTPStatus.OK)

    def find(self, public_id: UUID) -> Comment:
        """Of one's own also what one does not read any more."""
        own = Comment.objects.written_by(self.request.user).filter(public_id=public_id).first()
        return own or super().find(public_id)


class CommentVote(CommentView):
    serializer_class: type[Serializer] = VoteSerializer  # type: ignore[assignment]

    @extend_schema(
        summary="How many voted for a comment, and whether one did oneself",
        parameters=[ID],
        responses=responses({200: VoteSerializer}, 400, 401, 404, 410),
    )
    def get(self, request: Request, id: UUID) -> Response:
        return Response(self._document(self.find(id)))

    @extend_schema(
        summary="Vote for a comment",
        parameters=[ID, IF_MATCH],
        request=None,
        responses=responses({200: VoteSerializer}, 400, 401, 403, 404, 410, 412, 429),
    )
    def put(self, request: Request, id: UUID) -> Response:
        """A second vote changes nothing."""
        return self._change(services.vote, id)

    @extend_schema(
        summary="Take one's vote back",
        parameters=[ID, IF_MATCH],
        responses=responses({200: VoteSerializer}, 400, 401, 403, 404, 410, 412),
    )
    def delete(self, request: Request, id: UUID) -> Response:
        """Whatever became of the comment. Where there is no vote, nothing changes."""
        lost = Comment.objects.with_lost_vote_of(cast(User, request.user)).filter(public_id=id).first()
        if lost is None:
            return self._change(services.take_vote_back, id)
        if "If-Match" in request.headers:
            # GET answers nothing here, so no tag fits, nor does the star. (RFC 9110, section 13.1.1)
            raise PreconditionFailed
        services.take_vote_back(lost, by=cast(User, request.user))
        return Response({"votes": None, "voted": False})

    def _change(self, verb: Callable[..., Comment], id: UUID) -> Response:
        comment = self.find(id)
        is_bound = self.check_if_match(self._document(comment))
        with _held_to_if_match(is_bound):
            changed = verb(comment, by=self.request.user, seen_votes=comment.votes if is_bound else None)
        return Response(self._document(changed))

    def _document(self, comment: Comment) -> dict[str, Any]:
        own = Comment.objects.voted_for_by(self.request.user).filter(pk=comment.pk)
        return {"votes": comment.votes, "voted": own.exists()}


class CommentAnchor(CommentView):
    serializer_class: type[Serializer] = AnchorSerializer  # type: ignore[assignment]

    @extend_schema(
        summary="The passage a comment is on",
        parameters=[ID],
        responses=responses({200: AnchorSerializer}, 400, 401, 404, 410),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """404 for a comment on no passage, a reply for one."""
        comment = self.find(id)
        made_from(request, comment.article)
        return Response(self._document(comment))

    @extend_schema(
        summary="Put a passage that is lost or uncertain in its place",
        parameters=[ID, IF_MATCH],
        request=NewAnchorSerializer,
        responses=responses({200: AnchorSerializer}, 400, 401, 403, 404, 409, 410, 412, 413, 415, 422, 429),
    )
    def put(self, request: Request, id: UUID) -> Response:
        """By its author; by who judges the comment or edits the article at any time. What was quoted stays."""
        comment = self.find(id)
        is_bound = self.check_if_match(self._document(comment))
        selection = Selection(**self.read_body(NewAnchorSerializer).validated_data)
        seen = comment.anchor if is_bound else None
        try:
            with _held_to_if_match(is_bound):
                services.attach(comment, by=request.user, selection=selection, seen=seen, network=network_of(request))
        except Invalid as invalid:
            # Here the anchor is the body.
            own = (replace(error, field=error.field.removeprefix("anchor.")) for error in invalid.errors)
            raise Invalid(invalid.detail, errors=tuple(own)) from invalid
        return Response(self._document(self.find(id)))

    def _document(self, comment: Comment) -> Any:
        if not comment.has_anchor:
            raise Http404
        return AnchorSerializer(comment.anchor).data


class CommentPassage(CommentView):
    serializer_class: type[Serializer] = PassageSerializer  # type: ignore[assignment]

    @extend_schema(
        summary="The passage a comment is on: as it was when that was written, and as it is now",
        parameters=[ID],
        responses=responses({200: PassageSerializer}, 400, 401, 404, 410),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """404 for a comment on no passage, a reply for one."""
        comment = self.find(id)
        found = then_and_now(comment)
        if found is None:
            raise Http404
        made_from(request, comment.article)
        return Response(PassageSerializer(found, context=self.get_serializer_context()).data)


class ReplyList(CommentView):
    pagination_class = CommentPaging

    @extend_schema(
        summary="The direct replies to a comment, oldest first",
        parameters=[ID],
        responses=responses({200: CommentSerializer(many=True)}, 400, 401, 404, 410),
    )
    def get(self, request: Request, id: UUID) -> Response:
        """Those of a removed comment too, while it keeps its place."""
        seen = Comment.objects.in_threads(request.user)
        parent = seen.filter(public_id=id).values("pk").first()
        if parent is None:
            raise gone_or_unknown(id)
        return self.show_page(seen.filter(parent=parent["pk"]).order_by("public_id"))
