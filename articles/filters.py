"""Which articles a list is asked for."""

from django.utils.translation import gettext as _
from django_filters import rest_framework as filters

from articles.models import Article, Category
from articles.querysets import ArticleQuerySet
from skycrumbs.problems import Invalid


class ArticleFilter(filters.FilterSet):
    category = filters.CharFilter(method="in_category", help_text="The slug of a category.")

    class Meta:
        model = Article
        fields = ["category"]

    def in_category(self, queryset: ArticleQuerySet, name: str, value: str) -> ArticleQuerySet:
        category = Category.objects.filter(slug=value).first()
        if category is None:
            raise Invalid.field(name, "unknown", _("There is no such category."))
        return queryset.filter(category=category)
