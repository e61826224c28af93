"""Tells Django which admin site this portal has."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "ccp_portal.admin_site.PortalAdminSite"
