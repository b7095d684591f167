"""An article with many passages, each of which its draft changes."""

from articles import services
from articles.models import Article
from comments.models import Anchor, Comment
from tests.factories import make_article, make_comment, make_user


def sentence(number: int, time: str = "morning") -> str:
    return f"Bird {number:03} sings in the {time}."


def said_on(count: int) -> Article:
    """An article of `count` lines, a comment on each, whose draft loses every 45th and changes the others."""
    article, author = make_article(source="\n\n".join(map(sentence, range(count))), title="Birds"), make_user()
    first = make_comment(article, author, quote=sentence(0))
    copied = {one.attname for one in Comment._meta.fields} - {"id", "public_id", "root_id"}
    rows = [Comment(**{name: getattr(first, name) for name in copied}) for _ in range(count - 1)]
    made = Comment.objects.bulk_create(rows)
    for comment in made:
        comment.root = comment
    Comment.objects.bulk_update(made, ["root"])
    base = {one.attname: getattr(first.anchor, one.attname) for one in Anchor._meta.fields if one.name != "id"}
    length = len(sentence(0))
    anchors = []
    for number, comment in enumerate(made, 1):
        start = number * (length + 1)
        place = {"start": start, "end": start + length, "now_start": start, "now_end": start + length}
        anchors.append(Anchor(**base | place | {"comment_id": comment.pk, "exact": sentence(number)}))
    Anchor.objects.bulk_create(anchors)
    lines = [sentence(number, "evening") if number % 45 else "All is new." for number in range(count)]
    services.save_draft(article, title="Birds", source="\n\n".join(lines), seen_version=article.draft_version)
    return Article.objects.select_related("current_revision").get(pk=article.pk)
