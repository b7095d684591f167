"""Articles and revisions as JSON."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.models import Article, Revision, SectionText
from skycrumbs.api_fields import LinksSerializer, UTCField
from skycrumbs.api_views import site_of

OFFSETS = "In code points from the start of the revision's canonical text; start is in, end is out."


class CategorySerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class CountedCategorySerializer(CategorySerializer):
    article_count = serializers.IntegerField(help_text="Of its published articles.")


class ArticleAuthorSerializer(serializers.Serializer):
    name = serializers.CharField()


class ArticleSerializer(serializers.Serializer):
    """An article, as a list names it."""

    slug = serializers.CharField()
    title = serializers.CharField()
    category = CategorySerializer()
    authors = ArticleAuthorSerializer(source="authors_by_name", many=True)
    credit = serializers.CharField(help_text="The by-line, else the authors' names.")
    published_on = serializers.DateField()
    reading_minutes = serializers.IntegerField(source="current_revision.reading_minutes")
    comment_count = serializers.IntegerField(source="shown_comment_count")
    language = serializers.CharField(help_text="A BCP 47 tag.")
    discussion = serializers.CharField(help_text="`off`, `sections` or `full` (passages too).")
    is_open = serializers.BooleanField(help_text="Whether new comments are taken.")
    revision = serializers.IntegerField(source="current_revision.number")
    links = serializers.SerializerMethodField()

    @extend_schema_field(LinksSerializer)
    def get_links(self, article: Article) -> dict[str, str]:
        site = site_of(self.context["request"])
        path = reverse("api-article", args=[article.slug])
        return {"self": f"{site}{path}", "html": f"{site}/articles/{article.slug}/"}


class SectionSerializer(serializers.Serializer):
    """A section as it stands in one revision."""

    key = serializers.CharField(source="section.key", help_text="Stays when the section is renamed or moved.")
    heading = serializers.CharField(help_text="Empty for what stands before the first heading.")
    level = serializers.IntegerField(help_text="2 to 6; 0 for what stands before the first heading.")
    start = serializers.IntegerField(help_text=OFFSETS)
    end = serializers.IntegerField()


class CountedSectionSerializer(SectionSerializer):
    comment_count = serializers.SerializerMethodField()

    def get_comment_count(self, text: SectionText) -> int:
        return int(self.context["article"].shown(text.section.comment_count))


class ArticleDetailSerializer(ArticleSerializer):
    """An article with its sections."""

    sha256 = serializers.CharField(source="current_revision.sha256", help_text="Of the canonical text in UTF-8.")
    sections = CountedSectionSerializer(source="current_revision.section_texts", many=True)


class ListedRevisionSerializer(serializers.Serializer):
    """A published text, as a list names it."""

    number = serializers.IntegerField()
    created = UTCField(source="created_at")
    summary = serializers.CharField(help_text="What the editor said of it; may be empty.")
    words = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the canonical text in UTF-8, in hexadecimal digits.")
    links = serializers.SerializerMethodField()

    @extend_schema_field(LinksSerializer)
    def get_links(self, revision: Revision) -> dict[str, str]:
        site = site_of(self.context["request"])
        slug, number = revision.article.slug, revision.number
        path = reverse("api-revision", args=[slug, number])
        return {"self": f"{site}{path}", "html": f"{site}/articles/{slug}/revisions/{number}/"}


class RevisionSerializer(ListedRevisionSerializer):
    """One published text, which never changes."""

    article = serializers.CharField(source="article.slug", help_text="The slug of the article.")
    title = serializers.CharField()
    canonical_text = serializers.CharField(help_text="What every offset counts code points in.")
    html = serializers.CharField()
    sections = SectionSerializer(source="section_texts", many=True)
