"""Hand-overs: the day, one of them, its sheet, and what the sales manager keeps."""

from django.urls import path

from apps.delivery.views import hand_overs, register, settings, sheet

urlpatterns = [
    path("plan/", hand_overs.plan, name="plan"),
    path("orders/<int:pk>/plan/", hand_overs.hand_over_plan, name="hand-over-plan"),
    path("hand-overs/", register.hand_over_list, name="hand-over-list"),
    path("hand-overs/<int:pk>/", hand_overs.hand_over, name="hand-over"),
    path("hand-overs/<int:pk>/agree/", hand_overs.hand_over_agree, name="hand-over-agree"),
    path("hand-overs/<int:pk>/point/", hand_overs.hand_over_point, name="hand-over-point"),
    path("hand-overs/<int:pk>/tell/", hand_overs.hand_over_tell, name="hand-over-tell"),
    path("hand-overs/<int:pk>/cancel/", hand_overs.hand_over_cancel, name="hand-over-cancel"),
    path("hand-overs/<int:pk>/papers/", hand_overs.hand_over_papers, name="hand-over-papers"),
    path("hand-overs/<int:pk>/pdi/", sheet.pdi, name="pdi"),
    path("hand-overs/<int:pk>/start/", sheet.hand_over_start, name="hand-over-start"),
    path("hand-overs/<int:pk>/sheet/", sheet.sheet, name="sheet"),
    path("hand-overs/<int:pk>/first-service/", sheet.first_service, name="first-service"),
    path(
        "hand-overs/<int:pk>/pictures/<uuid:stored>/",
        hand_overs.hand_over_picture,
        name="hand-over-picture",
    ),
    path("settings/", settings.settings, name="settings"),
    path("settings/numbers/new/", settings.numbers_new, name="numbers-new"),
    path("settings/areas/new/", settings.area_new, name="area-new"),
    path("settings/areas/<int:pk>/edit/", settings.area_edit, name="area-edit"),
    path("settings/points/<str:kind>/", settings.points, name="points"),
]
