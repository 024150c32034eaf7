"""Addresses of this floor."""

from django.urls import path

from apps.service.views import appointments, booking, capacity

app_name = "service"
urlpatterns = [
    path("appointments/", appointments.appointment_list, name="appointment-list"),
    path("appointments/find/", booking.appointment_find, name="appointment-find"),
    path("appointments/hand-over/", appointments.handover_list, name="handover-list"),
    path("appointments/<int:pk>/", appointments.appointment, name="appointment"),
    path("appointments/<int:pk>/move/", booking.appointment_move, name="appointment-move"),
    path("appointments/<int:pk>/edit/", booking.appointment_edit, name="appointment-edit"),
    path(
        "appointments/<int:pk>/confirm/",
        appointments.appointment_confirm,
        name="appointment-confirm",
    ),
    path(
        "appointments/<int:pk>/cancel/", appointments.appointment_cancel, name="appointment-cancel"
    ),
    path(
        "appointments/<int:pk>/arrive/", appointments.appointment_arrive, name="appointment-arrive"
    ),
    path(
        "appointments/<int:pk>/no-show/",
        appointments.appointment_no_show,
        name="appointment-no-show",
    ),
    path(
        "appointments/<int:pk>/accept/", appointments.appointment_accept, name="appointment-accept"
    ),
    path("cars/<int:pk>/appointments/new/", booking.appointment_new, name="appointment-new"),
    path("cars/<int:pk>/free-times/", booking.free_times, name="free-times"),
    path("capacity/", capacity.capacity, name="capacity"),
    path("capacity/new/", capacity.capacity_new, name="capacity-new"),
    path("capacity/load/", capacity.load, name="load"),
    path("capacity/stranded/", capacity.stranded_list, name="stranded-list"),
    path("capacity/bays/new/", capacity.bay_new, name="bay-new"),
    path("capacity/bays/<int:pk>/", capacity.bay_edit, name="bay-edit"),
    path("capacity/technicians/new/", capacity.technician_new, name="technician-new"),
    path("capacity/technicians/<int:pk>/", capacity.technician_edit, name="technician-edit"),
    path("capacity/closures/new/", capacity.closure_new, name="closure-new"),
    path("capacity/closures/<int:pk>/end/", capacity.closure_end, name="closure-end"),
    path("capacity/days/new/", capacity.day_new, name="day-new"),
    path("capacity/days/<int:pk>/", capacity.day_edit, name="day-edit"),
    path("capacity/days/<int:pk>/usual/", capacity.day_usual, name="day-usual"),
]
