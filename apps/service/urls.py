"""Addresses of this floor."""

from django.urls import path

from apps.service.upkeep_urls import UPKEEP
from apps.service.views import (
    appointments,
    board,
    booking,
    check_in,
    my_appointment,
    orders,
    printing,
    workshop,
)

app_name = "service"
urlpatterns = [
    *UPKEEP,
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
    path(
        "appointments/<int:pk>/new-link/",
        appointments.appointment_new_link,
        name="appointment-new-link",
    ),
    path("appointments/<int:pk>/print/", printing.appointment_print, name="appointment-print"),
    path("my/", my_appointment.my_appointment, name="my-appointment"),
    path("board/", board.board, name="board"),
    path("board/feed/", board.board_feed, name="board-feed"),
    path("board/wall/", board.wall, name="wall"),
    path("appointments/<int:pk>/drag/", board.board_move, name="board-move"),
    path("cars/<int:pk>/appointments/new/", booking.appointment_new, name="appointment-new"),
    path("cars/<int:pk>/free-times/", booking.free_times, name="free-times"),
    path("workshop/", workshop.workshop, name="workshop"),
    path("orders/<int:pk>/", orders.order, name="order"),
    path("orders/<int:pk>/edit/", orders.order_edit, name="order-edit"),
    path("orders/<int:pk>/add/", orders.order_add, name="order-add"),
    path("orders/<int:pk>/remove/", orders.order_remove, name="order-remove"),
    path("orders/<int:pk>/answer/", orders.order_answer, name="order-answer"),
    path("orders/<int:pk>/dispatch/", workshop.order_dispatch, name="order-dispatch"),
    path("orders/<int:pk>/stage/", workshop.order_stage, name="order-stage"),
    path("orders/<int:pk>/work-done/", workshop.order_work_done, name="order-work-done"),
    path("orders/<int:pk>/issue/", workshop.order_issue, name="order-issue"),
    path("orders/<int:pk>/part-return/", workshop.order_part_return, name="order-part-return"),
    path("orders/<int:pk>/check/", workshop.order_check, name="order-check"),
    path("orders/<int:pk>/not-agree/", workshop.order_not_agree, name="order-not-agree"),
    path("orders/<int:pk>/settle/", workshop.order_settle, name="order-settle"),
    path("orders/<int:pk>/unsettle/", workshop.order_unsettle, name="order-unsettle"),
    path("orders/<int:pk>/hand-back/", workshop.order_hand_back, name="order-hand-back"),
    path("orders/<int:pk>/sheet/", workshop.order_sheet, name="order-sheet"),
    path("check-in/", check_in.check_in_list, name="check-in-list"),
    path("cars/<int:pk>/check-in/", check_in.check_in_new, name="check-in-new"),
    path("check-in/<int:pk>/", check_in.check_in_sheet, name="check-in"),
    path("check-in/<int:pk>/walk/", check_in.check_in_walk, name="check-in-walk"),
    path("check-in/<int:pk>/report/", check_in.check_in_report, name="check-in-report"),
    path(
        "check-in/<int:pk>/pictures/<uuid:stored>/",
        check_in.check_in_picture,
        name="check-in-picture",
    ),
]
