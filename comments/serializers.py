"""Comments as JSON, read and written."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.models import SLUG_MAX_LENGTH, Article, Section
from comments.anchoring import Status
from comments.anchoring.difference import Change
from comments.models import TEXT_MAX_LENGTH, Comment
from comments.placing import CONTEXT_MAX_LENGTH, EXACT_MAX_LENGTH, Selection
from comments.readings import Reading
from comments.submission import GuestName, Submission
from skycrumbs.api_fields import (
    ChoiceField,
    LinksSerializer,
    QuotedField,
    StrictSerializer,
    TextField,
    UTCField,
    WholeNumberField,
    WordsField,
)
from skycrumbs.api_views import site_of
from skycrumbs.ids import KEY_LENGTH, from_key

OFFSETS = "In code points of the revision's canonical text, counted from its start; start is in, end is out."


class CommentAuthorSerializer(serializers.Serializer):
    """Who wrote it; of a comment, whose writer is told and nothing else."""

    name = serializers.CharField(source="writer_name")
    kind = serializers.SerializerMethodField(help_text="`account` or `guest`.")

    def get_kind(self, comment: Comment) -> str:
        return "account" if comment.author_id else "guest"


class CorrectionSerializer(serializers.Serializer):
    text = serializers.CharField(source="source", help_text="Markdown.")
    html = serializers.CharField()
    created = serializers.SerializerMethodField()

    @extend_schema_field(UTCField)
    def get_created(self, correction: dict[str, str]) -> str:
        return UTCField().to_representation(datetime.fromisoformat(correction["at"]))


class AnchorNowSerializer(serializers.Serializer):
    """Where the passage is in the revision that is current now."""

    start = serializers.IntegerField(source="now_start", allow_null=True, help_text=f"{OFFSETS} Null: it is gone.")
    end = serializers.IntegerField(source="now_end", allow_null=True)
    revision = serializers.IntegerField(source="now_revision.number")
    status = serializers.CharField(
        source="now_status", help_text="`kept`, `changed`, `moved`, `uncertain` or `orphaned`."
    )
    score = serializers.FloatField(help_text="How sure the place is, 0 to 1.")


class AnchorSerializer(serializers.Serializer):
    """The passage as it was when it was written on, and where it is now."""

    exact = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()
    start = serializers.IntegerField(help_text=OFFSETS)
    end = serializers.IntegerField()
    revision = serializers.IntegerField(source="revision.number")
    now = AnchorNowSerializer(source="*")


class QuotedSerializer(serializers.Serializer):
    """A passage in the text of one revision."""

    text = serializers.CharField()
    prefix = serializers.CharField(source="context.prefix")
    suffix = serializers.CharField(source="context.suffix")
    start = serializers.IntegerField(help_text=OFFSETS)
    end = serializers.IntegerField()
    revision = serializers.IntegerField(source="revision.number")


class PieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField([change.value for change in Change])
    text = serializers.CharField(trim_whitespace=False)


class PassageSerializer(serializers.Serializer):
    status = serializers.ChoiceField([status.value for status in Status])
    then = QuotedSerializer()
    now = QuotedSerializer(allow_null=True, help_text="Null: it is gone.")
    diff = PieceSerializer(many=True, source="pieces", help_text="Without what is inserted it reads as then.")


class VoteSerializer(serializers.Serializer):
    votes = serializers.IntegerField(
        allow_null=True, help_text="How many people voted for the comment. Null for one that is gone."
    )
    voted = serializers.BooleanField(help_text="Whether the one who asks is among them.")


class CommentSerializer(serializers.Serializer):
    """A comment as the one who asks reads it.

    Of a removed one that public replies hang on, its place in the thread is left: `removed` is true, and text,
    author and anchor are null.
    """

    id = serializers.CharField(source="comment.key", help_text="22 characters.")
    article = serializers.CharField(source="comment.article.slug", help_text="The slug of the article.")
    section = serializers.CharField(source="comment.section.key", allow_null=True)
    parent = serializers.CharField(source="comment.parent.key", allow_null=True)  # type: ignore[assignment]
    root = serializers.CharField(source="comment.root.key", help_text="Its own id for a root.")  # type: ignore[assignment]
    depth = serializers.IntegerField(source="comment.depth")
    kind = serializers.CharField(source="comment.kind", help_text="`comment`, `highlight` or `note`.")
    visibility = serializers.CharField(source="comment.visibility", help_text="`public` or `private`.")
    author = CommentAuthorSerializer(source="writer", allow_null=True)
    text = serializers.CharField(allow_null=True, help_text="Markdown.")
    html = serializers.CharField(allow_null=True, help_text="The text, rendered and sanitised.")
    corrections = CorrectionSerializer(many=True, help_text="Added below the text once it could not be replaced.")
    created = UTCField(source="comment.created_at")
    edited = UTCField(source="edited_at", allow_null=True)
    replies = serializers.IntegerField(source="comment.replies", help_text="Public descendants.")
    votes = serializers.IntegerField(allow_null=True, help_text="How many people voted for it.")
    removed = serializers.BooleanField(source="is_removed")
    anchor = AnchorSerializer(allow_null=True)
    # These three would tell others of edits and decisions that they do not see.
    version = serializers.IntegerField(
        source="comment.version", required=False, help_text="Moves with every change. For its author and moderators."
    )
    state = serializers.CharField(required=False, help_text="For its author and moderators.")
    reason = serializers.CharField(required=False, allow_null=True, help_text="Why it is in this state.")
    links = serializers.SerializerMethodField()

    @extend_schema_field(LinksSerializer)
    def get_links(self, reading: Reading) -> dict[str, str]:
        site, key = site_of(self.context["request"]), reading.comment.key
        return {"self": f"{site}{reverse('api-comment', args=[key])}", "html": f"{site}/comments/{key}/"}

    def to_representation(self, instance: Reading) -> dict[str, Any]:
        document = super().to_representation(instance)
        if instance.state is None:
            del document["version"], document["state"], document["reason"]
        return document


class NewAnchorSerializer(StrictSerializer):
    exact = QuotedField(most=EXACT_MAX_LENGTH, help_text="The words of the passage, as the canonical text has them.")
    prefix = QuotedField(
        most=CONTEXT_MAX_LENGTH,
        allow_blank=True,
        allow_null=True,
        default="",
        help_text="The text right before them.",
    )
    suffix = QuotedField(
        most=CONTEXT_MAX_LENGTH, allow_blank=True, allow_null=True, default="", help_text="The text right after them."
    )
    start = WholeNumberField(allow_null=True, default=None, help_text=OFFSETS)
    end = WholeNumberField(allow_null=True, default=None)
    revision = WholeNumberField(
        allow_null=True, default=None, help_text="The revision that was read; the current one if not given."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {side: attrs[side] or "" for side in ("prefix", "suffix")}


class NewGuestSerializer(StrictSerializer):
    """Who writes without an account. What may stand in either is for the rules below to say."""

    name = TextField(help_text="Public, marked as a guest's; 1 to 60 code points.")
    email = TextField(help_text="A link is mailed to it. It is never given back.")


class NewCommentSerializer(StrictSerializer):
    """What a reader may set of a new comment, and no more."""

    article = WordsField(most=SLUG_MAX_LENGTH, help_text="The slug of the article.")
    section = WordsField(most=SLUG_MAX_LENGTH, allow_null=True, default=None, help_text="The key of a section.")
    parent = WordsField(  # type: ignore[assignment]
        most=KEY_LENGTH, allow_null=True, default=None, help_text="The comment that is answered."
    )
    anchor = NewAnchorSerializer(allow_null=True, default=None)
    text = TextField(
        default="",
        allow_blank=True,
        help_text=f"Markdown, 1 to {TEXT_MAX_LENGTH} code points; a highlight's may be empty.",
    )
    kind = ChoiceField(choices=Comment.Kind.choices, default=Comment.Kind.COMMENT)
    visibility = ChoiceField(
        choices=Comment.Visibility.choices, required=False, help_text="A note is private unless it says `public`."
    )
    guest = NewGuestSerializer(
        allow_null=True, default=None, help_text="Needed without an account, refused with one."
    )

    def validate_guest(self, guest: dict[str, str] | None) -> GuestName | None:
        if guest is None:
            return None
        if self.context["request"].user.is_authenticated:
            raise serializers.ValidationError(_("You are signed in: leave this out."), code="not_with_account")
        return GuestName(guest["name"], guest["email"])

    def validate_article(self, slug: str) -> Article:
        articles = Article.objects.published().select_related("current_revision")
        return _found(articles.named(slug), _("There is no such article."))

    def validate_parent(self, key: str | None) -> Comment | None:
        if key is None:
            return None
        public_id = from_key(key)
        seen = Comment.objects.readable_by(self.context["request"].user)
        return _found(public_id and seen.filter(public_id=public_id).first(), _("There is no such comment."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["section"] is not None:
            attrs["section"] = _live_section(attrs["article"], attrs["section"])
        return attrs

    def submission(self, network: str) -> Submission:
        """What was sent, as the rules below take it."""
        data = self.validated_data
        kind = Comment.Kind(data["kind"])
        private_by_default = kind == Comment.Kind.NOTE
        usual = Comment.Visibility.PRIVATE if private_by_default else Comment.Visibility.PUBLIC
        return Submission(
            article=data["article"],
            author=None if data["guest"] else self.context["request"].user,
            text=data["text"],
            guest=data["guest"],
            kind=kind,
            visibility=Comment.Visibility(data.get("visibility", usual)),
            section=data["section"],
            parent=data["parent"],
            selection=Selection(**data["anchor"]) if data["anchor"] else None,
            network=network,
        )


class EditedCommentSerializer(StrictSerializer):
    """What an author may change: the text, or a correction below it, as it was when they read it."""

    text = TextField(required=False, help_text="Markdown, in the place of the text there is.")
    correction = TextField(required=False, help_text="Markdown, added below a text that can no longer be replaced.")
    version = WholeNumberField(required=False, help_text="As it was read; 409 if it is not the current one.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("text" in attrs) == ("correction" in attrs):
            detail = _("Send a text, or a correction.")
            raise serializers.ValidationError({"text": serializers.ErrorDetail(detail, code="required")})
        return attrs


def _found(row: Any, detail: str) -> Any:
    if row is None:
        raise serializers.ValidationError(detail, code="unknown")
    return row


def _live_section(article: Article, key: str) -> Section:
    section = article.sections.filter(key=key, is_retired=False).first()
    if section is None:
        detail = _("The article has no such section.")
        raise serializers.ValidationError({"section": serializers.ErrorDetail(detail, code="unknown")})
    return section
