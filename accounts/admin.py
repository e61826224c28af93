"""Reading only: people and organisations as the tables have them."""

from django.contrib import admin

from accounts.models import Invitation, Membership, Notification, Organisation, User
from core.admin import ReadOnlyAdmin


@admin.register(Organisation)
class OrganisationAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "gss_code", "nation", "starts_on", "ends_on", "is_demonstration", "is_training")
    list_filter = ("kind", "nation", "is_demonstration", "is_training")
    search_fields = ("name", "name_cy", "official_name", "gss_code", "slug")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("email", "name", "reference", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name", "reference")
    exclude = ("password",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("reference", "user", "organisation", "role", "starts_on", "ends_on")
    list_filter = ("role",)
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "user__name", "organisation__name")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = (
        "reference",
        "email",
        "organisation",
        "role",
        "invited_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )
    list_select_related = ("organisation",)


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("user", "subject", "created_at", "read_at", "emailed_at")
    list_select_related = ("user",)
