"""Editors in the admin: write, look, publish, take back; nobody overwrites anybody."""

import pytest
from django.contrib.admin.models import LogEntry
from django.forms import ModelForm
from django.urls import reverse

from articles import services
from articles.errors import BadArticle
from articles.models import Article, Category, FormerSlug, Revision
from tests.articles.admin_pages import form_of, page, said, signed_in
from tests.factories import make_article, make_comment, make_user

pytestmark = pytest.mark.django_db


class TestList:
    def test_shows_articles_with_their_facts(self, editor, article):
        make_article("drafted", title="A draft", is_published=False)
        content = editor.get(reverse("admin:articles_article_changelist")).content.decode()
        assert "Birds" in content
        assert "A draft" in content
        assert '<td class="field-status">published</td>' in content
        assert '<td class="field-revision_number">1</td>' in content

    def test_finds_by_title_and_by_slug(self, editor, article):
        make_article("bees", title="Bees")
        for words in ("Bees", "bees"):
            content = editor.get(reverse("admin:articles_article_changelist"), {"q": words}).content.decode()
            assert (">Bees<" in content, ">Birds<" in content) == (True, False)

    @pytest.mark.parametrize("number", [1, 30])
    def test_takes_the_same_queries_at_two_sizes(self, editor, django_assert_num_queries, number):
        for _ in range(number):
            make_article()
        with django_assert_num_queries(7):
            editor.get(reverse("admin:articles_article_changelist"))

    def test_escapes_what_stands_in_a_title(self, editor):
        make_article(title="<script>alert(1)</script>")
        content = editor.get(reverse("admin:articles_article_changelist")).content.decode()
        assert "<script>alert(1)" not in content
        assert "&lt;script&gt;alert(1)" in content


class TestNames:
    UNSEEN = "\u200b\u2060"

    @pytest.mark.parametrize("name", [UNSEEN, "\u3164", "\u00ad"])
    def test_of_a_category_can_be_seen(self, name):
        editor = signed_in("add_category")
        response = editor.post(reverse("admin:articles_category_add"), {"name": name, "slug": "a"})
        assert response.context["adminform"].form.errors == {"name": ["Write something that can be seen."]}
        assert not Category.objects.exists()

    def test_in_place_of_the_authors_can_be_seen(self, editor, article):
        response = editor.post(page("change", article), form_of(article, by_line=self.UNSEEN))
        assert response.context["adminform"].form.errors == {"by_line": ["Write something that can be seen."]}

    def test_of_an_article_can_be_seen(self, editor, article):
        response = editor.post(page("change", article), form_of(article, draft_title=self.UNSEEN))
        assert response.context["adminform"].form.errors == {"draft_title": ["A title has 1 to 200 characters."]}


class TestSaveDraft:
    def test_keeps_the_draft_and_changes_nothing_for_readers(self, editor, article):
        sent = form_of(article, draft_title="Big birds", draft_source="    code first\r\n\r\nAnd a line.\r\n")
        response = editor.post(page("change", article), sent, follow=True)
        assert said(response) == ["The draft is saved."]
        saved = Article.objects.get(pk=article.pk)
        assert (saved.draft_title, saved.title) == ("Big birds", "Birds")
        assert saved.draft_source == "    code first\n\nAnd a line.\n"
        assert (saved.draft_version, saved.version) == (article.draft_version + 1, article.version)
        assert saved.revisions.count() == 1

    @pytest.mark.parametrize("name", ["preview", "publish"])
    def test_goes_on_to_the_page_of_the_button(self, editor, article, name):
        sent = form_of(article) | {f"_{name}": "Save and go on"}
        assert editor.post(page("change", article), sent).headers["Location"] == page(name, article)

    def test_changes_facts_and_the_version_readers_see(self, editor, article):
        author = make_user("Ines")
        sent = form_of(article, by_line="The desk", language="de", published_on="2026-05-09")
        sent |= {"authors": [str(author.pk)], "discussion": "sections"}
        del sent["is_open"]
        editor.post(page("change", article), sent)
        saved = Article.objects.get(pk=article.pk)
        assert (saved.by_line, saved.language, str(saved.published_on)) == ("The desk", "de", "2026-05-09")
        assert (saved.discussion, saved.is_open, list(saved.authors.all())) == ("sections", False, [author])
        assert saved.version == article.version + 1
        assert (saved.status, saved.current_revision) == ("published", article.current_revision)

    @pytest.mark.parametrize("sent", ["x", "1.5", "²", "-1", "9" * 30])
    def test_refuses_authors_who_are_nobody(self, editor, article, sent):
        author = make_user("Ines")
        response = editor.post(page("change", article), form_of(article) | {"authors": [str(author.pk), sent]})
        assert response.status_code == 200
        errors = response.context["adminform"].form.errors
        assert errors == {"authors": ["Select a valid choice. 0 is not one of the available choices."]}
        # What was chosen stands in the form that is shown again.
        assert f'<option value="{author.pk}" selected>Ines</option>' in response.content.decode()
        assert not article.authors.exists()

    def test_notes_what_was_changed_and_no_more(self, editor, article):
        editor.post(page("change", article), form_of(article, by_line="The desk"))
        assert LogEntry.objects.get().get_change_message() == "Changed By-line."

    def test_gives_the_article_another_address_and_keeps_the_old_one(self, editor, article):
        editor.post(page("change", article), form_of(article, slug="owls"))
        assert Article.objects.get(pk=article.pk).slug == "owls"
        assert FormerSlug.objects.get(slug="birds").article_id == article.pk

    def test_makes_a_new_draft(self, editor, article):
        sent = form_of(article, draft_title="Bees", draft_source="They hum.", slug="bees", seen_version="1")
        response = editor.post(reverse("admin:articles_article_add"), sent, follow=True)
        made = Article.objects.get(slug="bees")
        assert response.redirect_chain[-1][0] == page("change", made)
        assert (made.title, made.draft_source, made.status) == ("Bees", "They hum.", "draft")
        assert (made.current_revision, made.comment_count) == (None, 0)

    @pytest.mark.parametrize("what", ["article", "category"])
    def test_says_what_is_taken_when_the_button_is_pressed_twice_at_once(self, article, monkeypatch, what):
        """Both forms are looked at before either is stored: here the first look finds nothing."""
        looks = iter([lambda form: None])
        look = ModelForm.validate_unique
        monkeypatch.setattr(ModelForm, "validate_unique", lambda form: next(looks, look)(form))
        sent = form_of(article, seen_version="1") | {"name": article.category.name, "slug": article.slug}
        editor = signed_in("add_article", "change_article", "add_category")
        answer = editor.post(reverse(f"admin:articles_{what}_add"), sent)
        assert answer.status_code == 200
        assert "already exists" in answer.content.decode()
        assert (Article.objects.count(), Category.objects.count()) == (1, 1)

    @pytest.mark.parametrize(
        ("changes", "status", "field", "words"),
        [
            ({"draft_title": " "}, 200, "draft_title", "This field is required."),
            ({"slug": "Not A Slug"}, 200, "slug", "Use small letters, digits and single hyphens."),
            ({"slug": "bees"}, 200, "slug", "Article with this Slug already exists."),
            ({"category": "999999"}, 200, "category", "Select a valid choice."),
            ({"published_on": ""}, 200, "published_on", "A published article has a date."),
            ({"published_on": "soon"}, 200, "published_on", "Enter a valid date."),
            ({"draft_source": "x" * 1_500_001}, 400, "draft_source", "Use at most 1500000 characters."),
            ({"draft_source": "a\0b"}, 200, "draft_source", "Null characters are not allowed."),
            ({"seen_version": ""}, 200, None, "This form is incomplete. Open the article again."),
            ({"seen_version": "-1"}, 200, None, "This form is incomplete. Open the article again."),
            ({"seen_version": "9" * 20}, 409, None, "This draft was saved by somebody else"),
            ({"seen_version": "77"}, 409, None, "This draft was saved by somebody else since you opened it."),
        ],
    )
    def test_refuses_and_keeps_what_was_typed(self, editor, article, changes, status, field, words):
        make_article("bees", title="Bees")
        before = Article.objects.filter(pk=article.pk).values().get()
        sent = form_of(article, by_line="Typed by hand") | changes
        response = editor.post(page("change", article), sent)
        form = response.context["adminform"].form
        errors = form.errors[field] if field else form.non_field_errors()
        assert response.status_code == status
        assert any(error.startswith(words) for error in errors)
        assert words in response.content.decode()
        assert 'value="Typed by hand"' in response.content.decode()
        assert Article.objects.filter(pk=article.pk).values().get() == before

    def test_undoes_everything_when_a_later_step_is_refused(self, editor, article, monkeypatch):
        def refuse(article, slug):
            raise BadArticle.field("slug", "taken", "Another article has this address.")

        monkeypatch.setattr(services, "rename", refuse)
        before = Article.objects.filter(pk=article.pk).values().get()
        response = editor.post(page("change", article), form_of(article, draft_title="New", slug="new"))
        assert (response.status_code, response.context["adminform"].form.errors["slug"]) == (
            400,
            ["Another article has this address."],
        )
        assert Article.objects.filter(pk=article.pk).values().get() == before
        assert LogEntry.objects.count() == 0


class TestTwoEditors:
    THEIRS = "Their <i>birds</i>.\n<img src=x>"

    @pytest.fixture
    def late(self, editor, article):
        """The answer to an editor who saves after another has saved."""
        opened = form_of(article, draft_source="My <b>birds</b>.", draft_title="Mine", by_line="Me")
        other = signed_in("view_article", "change_article", name="Otto")
        other.post(page("change", article), form_of(article, draft_source=self.THEIRS, by_line="Them"))
        return editor.post(page("change", article), opened)

    def test_overwrites_nothing(self, late, article):
        article.refresh_from_db()
        assert late.status_code == 409
        assert (article.draft_title, article.draft_source, article.by_line) == (
            "Birds",
            self.THEIRS,
            "Them",
        )

    def test_keeps_what_was_typed(self, late):
        content = late.content.decode()
        assert "My &lt;b&gt;birds&lt;/b&gt;.</textarea>" in content
        assert 'value="Mine"' in content
        assert 'value="Me"' in content

    def test_shows_what_the_other_saved_beside_it_escaped(self, late):
        content = late.content.decode()
        assert "This draft was saved by somebody else since you opened it." in content
        assert "<del>Their</del>" in content
        assert "<ins>My</ins>" in content
        assert "Their &lt;i&gt;birds&lt;/i&gt;.\n&lt;img src=x&gt;</textarea>" in content
        assert "<del>&lt;img src=x&gt;</del>" in content
        assert "Also different: By-line" in content
        assert "<i>birds" not in content

    def test_saves_when_it_is_sent_again_from_the_page_that_showed_both(self, late, editor, article):
        form = late.context["adminform"].form
        again = form_of(article, draft_source="Both lines.", seen_version=form["seen_version"].value())
        response = editor.post(page("change", article), again)
        article.refresh_from_db()
        assert (response.status_code, article.draft_source) == (302, "Both lines.")

    def test_is_stale_again_when_a_third_one_saved_meanwhile(self, late, editor, article):
        article.refresh_from_db()
        services.save_draft(article, title="Third", source="Third.", seen_version=article.draft_version)
        shown = late.context["adminform"].form["seen_version"].value()
        response = editor.post(page("change", article), form_of(article, seen_version=shown))
        assert response.status_code == 409


class TestPreview:
    def test_shows_the_draft_as_the_page_will_read(self, editor, article):
        make_article("bees", title="Bees")
        source = "A lead.\n\n## One\n\nSee [bees](/articles/bees/) and [owls](/articles/owls/).\n\n## Two\n\nEnd.\n"
        services.save_draft(article, title="Next", source=source, seen_version=article.draft_version)
        response = editor.get(page("preview", article))
        content = " ".join(response.content.decode().split())
        assert '<h1 dir="auto">Next</h1>' in content
        assert '<h2 dir="auto">One</h2>' in content
        assert "9 words, 1 min read" in content
        assert "3 sections" in content
        assert "/articles/bees/: published" in content
        assert "/articles/owls/: not there yet" in content

    def test_shows_no_html_of_the_source(self, editor, article):
        source = "<script>alert(1)</script> [go](javascript:alert(1)) <img src=x onerror=alert(1)>\n"
        services.save_draft(article, title="<b>T</b>", source=source, seen_version=article.draft_version)
        content = editor.get(page("preview", article)).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content
        assert 'href="javascript:' not in content
        assert "<b>T</b>" not in content

    def test_says_that_there_is_no_text_when_the_draft_is_empty(self, editor, article):
        services.save_draft(article, title="Birds", source="", seen_version=article.draft_version)
        response = editor.get(page("preview", article))
        assert response.status_code == 200
        assert "The draft holds no text." in response.content.decode()

    def test_is_kept_nowhere(self, editor, article):
        assert "no-store" in editor.get(page("preview", article)).headers["Cache-Control"]


class TestPublish:
    def change_draft(self, article: Article, source: str = "A new text.") -> Article:
        return services.save_draft(article, title="Birds", source=source, seen_version=article.draft_version)

    def test_says_first_which_revision_it_makes(self, editor, article):
        response = editor.get(page("publish", article))
        assert "Publishing makes revision 2 in place of revision 1" in response.content.decode()
        assert Revision.objects.count() == 1

    def test_makes_the_next_revision(self, editor, article):
        article = self.change_draft(article)
        sent = {"seen_version": article.draft_version, "summary": "Shorter"}
        response = editor.post(page("publish", article), sent, follow=True)
        made = article.revisions.get(number=2)
        assert said(response) == ["Revision 2 is published."]
        assert (made.canonical_text, made.summary, made.author.name) == ("A new text.", "Shorter", "Edda")
        assert LogEntry.objects.get().change_message == "Revision 2 is published."

    def test_shows_first_what_becomes_of_the_passages_that_are_written_on(self, editor):
        article = make_article(source="Most small birds sing in the morning, all of them.\n\nThey nest in hedges.")
        make_comment(article, make_user(), quote="sing in the morning")
        make_comment(article, make_user(), quote="nest in hedges")
        article = self.change_draft(article, "Most small birds sing in the evening, all of them.")
        content = editor.get(page("publish", article)).content.decode()
        assert "1 comment is on words that change" in content and "1 comment loses its passage" in content
        assert "sing in the <del>morning</del>" in content and "sing in the <ins>evening</ins>" in content
        assert "<del>nest in hedges</del>" in content
        assert Revision.objects.filter(article=article).count() == 1

    def test_says_that_passages_stay_where_only_markup_changes(self, editor):
        article = make_article(source="Most small birds sing.")
        make_comment(article, make_user(), quote="small birds")
        stays = []
        for source in ("Most *small* birds sing.", "Most small larks sing.", ""):
            article = self.change_draft(article, source)
            stays.append("every passage stays with them" in editor.get(page("publish", article)).text)
        assert stays == [True, False, False]

    def test_shows_a_passage_in_its_own_direction_with_what_stands_around_it(self, editor):
        article = make_article(source="الطيور تغني عند الفجر كل يوم.")
        make_comment(article, make_user(), quote="عند الفجر")
        content = editor.get(page("publish", self.change_draft(article, "الطيور تغني عند الشروق كل يوم."))).content
        then, now = "عند <del>الفجر</del>", "عند <ins>الشروق</ins>"
        for shown in (then, now):
            around = '<div dir="auto"><span class="around">الطيور تغني </span>{}<span class="around"> كل يوم.</span>'
            assert around.format(shown) in content.decode()

    def test_publishes_a_first_revision(self, editor):
        article = make_article(is_published=False)
        assert "Publishing makes revision 1, the first" in editor.get(page("publish", article)).content.decode()
        editor.post(page("publish", article), {"seen_version": article.draft_version})
        assert Article.objects.get(pk=article.pk).is_published

    def test_makes_no_revision_when_nothing_changed(self, editor, article):
        response = editor.post(page("publish", article), {"seen_version": article.draft_version}, follow=True)
        assert said(response) == ["Nothing changed: the draft reads as revision 1 does."]
        assert (Revision.objects.count(), LogEntry.objects.count()) == (1, 0)

    def test_brings_an_unpublished_article_back(self, editor, article):
        services.unpublish(article, by=None)
        response = editor.post(page("publish", article), {"seen_version": article.draft_version}, follow=True)
        assert said(response) == ["Revision 1 is public again."]
        assert Article.objects.get(pk=article.pk).is_published

    def test_refuses_a_draft_that_was_saved_since(self, editor, article):
        seen = article.draft_version
        article = self.change_draft(article)
        response = editor.post(page("publish", article), {"seen_version": seen, "summary": "A line of mine"})
        content = response.content.decode()
        assert response.status_code == 409
        assert "This draft was saved by somebody else since you opened it." in content
        assert f'name="seen_version" value="{article.draft_version}"' in content
        assert 'value="A line of mine"' in content
        assert Revision.objects.count() == 1

    def test_refuses_a_draft_without_text(self, editor, article):
        article = self.change_draft(article, source="---")
        response = editor.post(page("publish", article), {"seen_version": article.draft_version})
        assert response.status_code == 400
        assert "The draft holds no text." in response.content.decode()

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({}, "This form is incomplete."),
            ({"seen_version": "x"}, "This form is incomplete."),
            ({"seen_version": "0"}, "This form is incomplete."),
            ({"seen_version": "1", "summary": "x" * 201}, "Ensure this value has at most 200 characters"),
        ],
    )
    def test_refuses_a_form_that_is_not_one(self, editor, article, sent, words):
        self.change_draft(article)
        response = editor.post(page("publish", article), sent)
        assert response.status_code == 400
        assert words in response.content.decode()
        assert Revision.objects.count() == 1


class TestUnpublish:
    def test_asks_first(self, editor, article):
        response = editor.get(page("unpublish", article))
        assert response.status_code == 200
        assert Article.objects.get(pk=article.pk).is_published

    def test_takes_the_article_out_of_view(self, editor, article):
        response = editor.post(page("unpublish", article), follow=True)
        assert said(response) == ["The article is out of public view."]
        assert Article.objects.get(pk=article.pk).status == "unpublished"
        assert LogEntry.objects.get().change_message == "Unpublished."

    def test_says_so_when_the_article_is_not_published(self, editor):
        article = make_article(is_published=False)
        response = editor.post(page("unpublish", article), follow=True)
        assert said(response) == ["The article is not published."]
        assert Article.objects.get(pk=article.pk).status == "draft"


class TestDelete:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_says_in_words_that_an_article_with_revisions_stays(self, editor, article, method):
        response = getattr(editor, method)(page("delete", article), {"post": "yes"}, follow=True)
        assert said(response) == [
            "This article has revisions and cannot be deleted. Unpublish it to take it out of view."
        ]
        assert Article.objects.filter(pk=article.pk).exists()

    def test_deletes_a_draft_that_was_never_published(self, editor):
        article = make_article(is_published=False)
        editor.post(page("delete", article), {"post": "yes"})
        assert not Article.objects.filter(pk=article.pk).exists()

    def test_offers_no_deleting_from_the_list(self, editor):
        article = make_article(is_published=False)
        sent = {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
        editor.post(reverse("admin:articles_article_changelist"), sent)
        assert Article.objects.filter(pk=article.pk).exists()


class TestRevisions:
    def test_stand_below_the_article_with_their_pages(self, editor, article):
        services.save_draft(article, title="Birds", source="New.", seen_version=article.draft_version)
        services.publish(article, by=None, summary="<b>Bold</b>")
        content = editor.get(page("change", article)).content.decode()
        assert '<a href="/articles/birds/revisions/1/">1</a>' in content
        assert '<a href="/articles/birds/revisions/2/">2</a> <strong>current</strong>' in content
        assert "&lt;b&gt;Bold" in content

    @pytest.mark.parametrize("model", ["revision", "section", "sectiontext"])
    def test_have_no_pages_of_their_own(self, model):
        client = signed_in(is_superuser=True)
        assert client.get(f"/admin/articles/{model}/").status_code == 404


class TestLooks:
    def test_carries_no_inline_script_or_style(self, editor, article):
        for name in ("change", "preview", "publish", "unpublish"):
            content = editor.get(page(name, article)).content.decode()
            assert "<style" not in content
            assert " style=" not in content
            assert " onclick=" not in content
            assert "<script>" not in content

    def test_uses_the_name_and_the_colours_of_the_site(self, editor):
        content = editor.get("/admin/").content.decode()
        assert "/static/skycrumbs/admin.css" in content
        assert "Skycrumbs</a>" in content
