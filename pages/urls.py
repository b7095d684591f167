"""The addresses of pages."""

from django.urls import path

from pages import (
    beside,
    changing,
    claiming,
    comment,
    composing,
    flagging,
    guest_links,
    mail,
    me,
    my_article,
    passage,
    reading,
    taking_back,
    voting,
)

app_name = "pages"

urlpatterns = [
    path("", reading.home, name="home"),
    path("category/<slug:slug>/", reading.category, name="category"),
    path("articles/<slug:slug>/", reading.article, name="article"),
    path("articles/<slug:slug>/revisions/<int:number>/", reading.revision, name="revision"),
    path("articles/<slug:slug>/comment/", composing.compose, name="compose"),
    path("comments/<key:public_id>/", comment.page, name="comment"),
    path("comments/<key:public_id>/edit/", changing.edit, name="edit"),
    path("comments/<key:public_id>/correct/", changing.correct, name="correct"),
    path("comments/<key:public_id>/withdraw/", taking_back.withdraw, name="withdraw"),
    path("comments/<key:public_id>/restore/", taking_back.restore, name="restore"),
    path("comments/<key:public_id>/flag/", flagging.flag, name="flag"),
    path("comments/<key:public_id>/vote/", voting.vote, name="vote"),
    path("comments/<key:public_id>/passage/", passage.passage, name="passage"),
    path("comments/<key:public_id>/beside/", beside.beside, name="beside"),
    path("comments/<key:public_id>/around/", beside.around, name="around"),
    path("comments/<key:public_id>/claim/", claiming.claim, name="claim"),
    path("comments/sent/", guest_links.sent, name="sent"),
    path("guests/asked/", claiming.asked, name="asked"),
    path("guests/confirm/<slug:token>/", guest_links.confirm, name="confirm"),
    path("guests/manage/<slug:token>/", guest_links.manage, name="manage"),
    path("me/", me.page, name="me"),
    path("me/mail/", mail.switch, name="my_mail"),
    path("me/warnings/<int:pk>/", me.acknowledge, name="acknowledge"),
    path("me/article/<slug:slug>.json", my_article.marks, name="my_article"),
    path("me/summary.json", me.summary, name="my_summary"),
    path("mail/stop/<str:token>/", mail.stop, name="stop_mail"),
]
