"""The public pages. Paths are French in every language; English ones stand under /en/ (config/urls.py)."""

from django.urls import include, path, re_path

from maps import embed, offline, pictures, views
from maps.chambers import takeover
from maps.coverage import views as coverage
from maps.desk import reports
from maps.plain import sitemap
from maps.plain import views as plain
from maps.platforms import views as platforms

app_name = "maps"
urlpatterns = [
    path("", views.search, name="search"),
    re_path(r"^m/(?P<id>[0-9]{1,18})-(?P<slug>[^/]*)/$", views.sheet, name="sheet"),
    re_path(r"^m/(?P<id>[0-9]{1,18})/$", views.sheet),
    path("couverture/", coverage.coverage, name="coverage"),
    path("couverture/lieu/", coverage.area, name="coverage_area"),
    path("couverture/couche/", coverage.layer, name="coverage_layer"),
    path("carte/couverture-<slug:version>.js", coverage.overlay_script, name="overlay_script"),
    path("commune/<str:address>/", plain.commune, name="commune"),
    path("departement/<str:code>/", plain.departement, name="departement"),
    path("activite/<str:code>/", plain.activity, name="activity"),
    path("produit/<str:code>/", plain.product, name="product"),
    path("plateformes/", platforms.platforms, name="platforms"),
    path("plateformes/couche/", platforms.map_layer, name="platforms_layer"),
    path("plateforme/<slug:slug>/", platforms.platform, name="platform"),
    path("selection/<slug:slug>/", views.selection, name="selection"),
    path("mentions-legales/", views.legal, name="legal"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("donnees/", views.data, name="data"),
    path("aide/", views.help, name="help"),
    path("agents/", include("maps.desk.urls")),
    path("prise-en-main/<str:token>/", takeover.take_over_page, name="take_over"),
    path("prise-en-main/adresse/<str:token>/", takeover.prove_page, name="prove_address"),
    path("connexion-internet/<str:token>/", reports.by_link, name="report_by_link"),
    path("connexion-internet/<str:token>/merci/", reports.by_link_done, name="reported_by_link"),
    path("mon-commerce/<int:id>/internet/", reports.by_owner, name="report"),
    path("mon-commerce/<int:id>/internet/merci/", reports.by_owner_done, name="reported"),
    path("", include("maps.space.urls")),
    path("inscription/", include("maps.registering.urls")),
    path("", include("maps.claims.urls")),
    re_path(r"^photo/(?P<id>[0-9]{1,18})-(?P<name>[0-9a-f]{32})\.jpg$", pictures.photo, name="photo"),
    path("embed/", embed.embed, name="embed"),
    path("integrer/", embed.integrate, name="integrate"),
    path("hors-ligne/", offline.without_line, name="without_line"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("carte/carte-<slug:version>.js", views.map_script, name="map_script"),
    path("carte/contours-<slug:version>.json", views.region_outlines, name="region_outlines"),
    path("carte/communes-<slug:departement>-<slug:version>.json", views.commune_outlines, name="commune_outlines"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemap.section, name="sitemap_section"),
    path("robots.txt", sitemap.robots, name="robots"),
]
