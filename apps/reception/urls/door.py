"""The door and its traffic."""

from django.urls import URLPattern, path

from apps.reception.views import door, traffic

urlpatterns: list[URLPattern] = [
    path("door/", door.door, name="door"),
    path("door/parties/", door.door_parties, name="door-parties"),
    path("door/known/", door.door_known, name="door-known"),
    path("door/register/", door.visit_new, name="visit-new"),
    path("visits/<int:pk>/greet/", door.visit_greet, name="visit-greet"),
    path("visits/<int:pk>/take/", door.visit_take, name="visit-take"),
    path("visits/<int:pk>/leave/", door.visit_leave, name="visit-leave"),
    path("visits/<int:pk>/card/", door.visit_card, name="visit-card"),
    path("visits/<int:pk>/edit/", door.visit_edit, name="visit-edit"),
    path("visits/", traffic.visit_list, name="visit-list"),
    path("visits/print/", traffic.visit_print, name="visit-print"),
    path("traffic/", traffic.traffic, name="traffic"),
]
