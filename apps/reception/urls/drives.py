"""Test drives and the self-check."""

from django.urls import URLPattern, path

from apps.reception.views import demo_cars, drives, self_checks

urlpatterns: list[URLPattern] = [
    path("drives/", drives.drive_list, name="drive-list"),
    path("drives/new/", drives.drive_find, name="drive-find"),
    path("drives/mine/", drives.my_drives, name="my-drives"),
    path("opportunities/<int:pk>/drives/", drives.opportunity_drives, name="opportunity-drives"),
    path("opportunities/<int:pk>/drive/", drives.drive_new, name="drive-new"),
    path("drives/<int:pk>/", drives.drive, name="drive"),
    path("drives/<int:pk>/move/", drives.drive_move, name="drive-move"),
    path("drives/<int:pk>/licence/", drives.drive_licence, name="drive-licence"),
    path("drives/<int:pk>/agreement/", drives.drive_agreement, name="drive-agreement"),
    path(
        "drives/<int:pk>/agreement/<uuid:stored>.jpg",
        drives.drive_signature,
        name="drive-signature",
    ),
    path("drives/<int:pk>/out/", drives.drive_out, name="drive-out"),
    path("drives/<int:pk>/back/", drives.drive_back, name="drive-back"),
    path("drives/<int:pk>/feedback/", drives.drive_feedback, name="drive-feedback"),
    path("drives/<int:pk>/cancel/", drives.drive_cancel, name="drive-cancel"),
    path("demo-cars/", demo_cars.demo_car_list, name="demo-car-list"),
    path("demo-cars/new/", demo_cars.demo_car_new, name="demo-car-new"),
    path("demo-cars/<int:pk>/", demo_cars.demo_car_edit, name="demo-car-edit"),
    path("drive-routes/new/", demo_cars.route_new, name="route-new"),
    path("drive-routes/<int:pk>/", demo_cars.route_edit, name="route-edit"),
    path("self-checks/", self_checks.self_check_list, name="self-check-list"),
    path("self-checks/new/", self_checks.self_check_new, name="self-check-new"),
    path("self-checks/<int:pk>/", self_checks.self_check, name="self-check"),
]
