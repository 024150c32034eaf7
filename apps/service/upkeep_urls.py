"""Addresses of what the service manager keeps: capacity, parts, operations."""

from django.urls import path

from apps.service.views import capacity, catalogue, supplies, waiting

UPKEEP = [
    path("waiting/", waiting.waiting_list, name="waiting-list"),
    path("waiting/<int:pk>/leave/", waiting.waiting_leave, name="waiting-leave"),
    path("cars/<int:pk>/waiting/new/", waiting.waiting_new, name="waiting-new"),
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
    path("parts/", catalogue.part_list, name="part-list"),
    path("parts/new/", catalogue.part_new, name="part-new"),
    path("parts/short/", supplies.parts_short, name="parts-short"),
    path("parts/<int:pk>/", catalogue.part, name="part"),
    path("parts/<int:pk>/edit/", catalogue.part_edit, name="part-edit"),
    path("parts/<int:pk>/stock/", catalogue.part_stock, name="part-stock"),
    path("parts/<int:pk>/order/", supplies.supply_new, name="supply-new"),
    path("supplies/", supplies.supply_list, name="supply-list"),
    path("supplies/<int:pk>/receive/", supplies.supply_receive, name="supply-receive"),
    path("supplies/<int:pk>/postpone/", supplies.supply_postpone, name="supply-postpone"),
    path("supplies/<int:pk>/cancel/", supplies.supply_cancel, name="supply-cancel"),
    path("operations/", catalogue.operation_list, name="operation-list"),
    path("operations/new/", catalogue.operation_new, name="operation-new"),
    path("operations/<int:pk>/", catalogue.operation_edit, name="operation-edit"),
    path("operations/<int:pk>/history/", catalogue.operation_history, name="operation-history"),
]
