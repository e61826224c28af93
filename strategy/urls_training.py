"""Addresses of training: for the public, and in workspaces."""

from django.urls import path

from strategy.views import accreditations, self_tests, staff, training_public

public = [
    path("training/", training_public.training, name="training"),
    path("training/self-tests/<int:number>/", self_tests.try_out, name="self_test"),
]

workspace = [
    path("training/", staff.staff, name="staff"),
    path("training/new/", staff.new, name="staff_new"),
    path("training/<str:reference>/", staff.member, name="staff_member"),
    path("training/<str:reference>/change/", staff.change, name="staff_change"),
    path("training/<str:reference>/add/", staff.add, name="staff_add"),
    path("training/<str:reference>/leave/", staff.leave, name="staff_leave"),
    path("training/<str:reference>/apply/", staff.apply, name="staff_apply"),
    path("training/<str:reference>/records/<int:record>/remove/", staff.remove, name="staff_remove"),
    path("training/<str:reference>/export/", staff.export, name="staff_export"),
    path("training/<str:reference>/erase/", staff.erase, name="staff_erase"),
    path("self-tests/", self_tests.tests, name="self_tests"),
    path("self-tests/<int:number>/", self_tests.take, name="self_test"),
    path("self-tests/records/<str:reference>/", self_tests.record, name="self_test_record"),
    path("accreditations/", accreditations.accreditations, name="accreditations"),
    path("accreditations/<str:reference>/", accreditations.accreditation, name="accreditation"),
    path("accreditations/<str:reference>/end/", accreditations.accreditation_end, name="accreditation_end"),
    path("courses/", accreditations.courses, name="courses"),
    path("courses/new/", accreditations.course_new, name="course_new"),
    path("courses/<slug:key>/", accreditations.course, name="course"),
]
