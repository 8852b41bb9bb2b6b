"""Addresses of the pages on reviews, their people, dates, jobs and pictures."""

from __future__ import annotations

from django.urls import URLPattern, path

from wholesystem.web.workspace.views import frameworks, jobs, people, pictures, reviews

__all__ = ["urlpatterns"]

ONE = "reviews/<str:review>/"

urlpatterns: list[URLPattern] = [
    path("", reviews.show_reviews, name="reviews"),
    path("reviews/new/", reviews.open_review, name="open_review"),
    path("reviews/import/", reviews.import_review, name="import_review"),
    path("jobs/<int:job>/", jobs.show_job, name="job"),
    path("jobs/<int:job>/file/", jobs.download, name="job_file"),
    path("frameworks/", frameworks.show_frameworks, name="frameworks"),
    path("frameworks/add/", frameworks.add_framework, name="add_framework"),
    path("frameworks/<str:framework>/", frameworks.show_framework, name="framework"),
    path(ONE, reviews.show_home, name="review"),
    path(f"{ONE}settings/", reviews.change_review, name="change_review"),
    path(f"{ONE}notices/<int:notice>/", reviews.mark_notice, name="notice"),
    path(f"{ONE}people/", people.show_people, name="people"),
    path(f"{ONE}people/invite/", people.invite, name="invite"),
    path(
        f"{ONE}people/invitations/<int:grant>/",
        people.change_invitation,
        name="change_invitation",
    ),
    path(f"{ONE}people/<str:person>/", people.change_member, name="change_member"),
    path(f"{ONE}people/<str:person>/end/", people.end_membership, name="end_membership"),
    path(f"{ONE}due/", people.show_due_dates, name="due_dates"),
    path(f"{ONE}due/add/", people.add_due_date, name="add_due_date"),
    path(f"{ONE}due/<str:code>/", people.change_due_date, name="change_due_date"),
    path(f"{ONE}export/", reviews.export_review, name="export_review"),
    path(f"{ONE}profile/", pictures.show_profile, name="profile"),
    path(f"{ONE}profile/page/", pictures.show_profile_page, name="profile_page"),
    path(f"{ONE}profile/make/", pictures.make_profile, name="make_profile"),
    path(f"{ONE}map/", pictures.show_map, name="map"),
    path(f"{ONE}map/picture.svg", pictures.show_map_picture, name="map_picture"),
    path(f"{ONE}map/make/", pictures.make_map, name="make_map"),
    path(f"{ONE}measures/", pictures.show_measures, name="measures"),
]
