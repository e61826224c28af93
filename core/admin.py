"""Reading only: the admin is for looking and for the lost password, never for acts."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.models import Job, Seal, TrailEntry


class ReadOnlyAdmin(admin.ModelAdmin):
    """Lists and shows, changes nothing."""

    reads_only = True  # the admin site takes no other

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("kind", "due_at", "attempts", "lease_until", "finished_at", "given_up_at")
    list_filter = ("kind",)
    exclude = ("arguments",)  # mail that waits holds links that let somebody in as another person


@admin.register(TrailEntry)
class TrailEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "subject_kind", "subject_reference", "organisation_reference")


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("number", "at", "entries_count", "digest")
