"""Every address of the portal. German has no prefix, the other languages have theirs."""

from allauth.account.decorators import secure_admin_login
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from elbe_elster import administration, discovery, health, searching, views

administration.prepare_site()

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.alive, name="health-alive"),
    path("readyz", health.ready, name="health-ready"),
    path("admin/", admin.site.urls),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("opensearch.xml", discovery.opensearch, name="opensearch"),
    path(".well-known/security.txt", discovery.security_txt, name="security-txt"),
    *i18n_patterns(
        path("", views.home, name="home"),
        path("", include("elbe_elster.ui.urls")),
        path("", include("elbe_elster.participation.urls")),
        path("", include("elbe_elster.strategy.urls")),
        path("", include("elbe_elster.coordination.urls")),
        path("", include("elbe_elster.accounts.urls")),
        path("redaktion/post/", include("elbe_elster.outbox.urls")),
        path("suche/", searching.search, name="search"),
        path("suche/vorschlaege/", searching.suggest, name="search-suggestions"),
        path("", include("elbe_elster.legal.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "elbe_elster.ui.views.bad_request"
handler403 = "elbe_elster.ui.views.permission_denied"
handler404 = "elbe_elster.ui.views.page_not_found"
handler500 = "elbe_elster.ui.views.server_error"
