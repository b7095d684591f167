"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path, register_converter

from skycrumbs.ids import KeyConverter

register_converter(KeyConverter, "key")

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("api/", include("skycrumbs.api_urls")),
    path("", include("pages.urls")),
]

handler400 = "skycrumbs.failures.bad_request"
handler403 = "skycrumbs.failures.forbidden"
handler404 = "skycrumbs.failures.not_found"
handler500 = "skycrumbs.failures.server_error"
