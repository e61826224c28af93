"""What programs look for at the root, in no language: sitemap and robots.txt."""

from django.urls import path

from transparency.views import feeds

app_name = "programs"
urlpatterns = [
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap_index, name="sitemap"),
    path("sitemaps/<slug:kind>-<int:number>.xml", feeds.sitemap_part, name="sitemap_part"),
]
