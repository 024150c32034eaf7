"""The steps in which a new store is set up, in order; docs/setup.zh.md walks the same list."""

from django.utils.translation import pgettext_lazy

from apps.accounts.choices import Role
from apps.desk import setup_counts as counts
from apps.desk.setting_up import Chapter, Step

SET_UP: tuple[Chapter, ...] = (
    Chapter(
        pgettext_lazy("set-up", "The store"),
        (
            Step(
                pgettext_lazy("set-up", "Name, city and hours"),
                pgettext_lazy(
                    "set-up",
                    "City and local regions decide who counts as local; hours bound every clock.",
                ),
                "accounts:store",
                "accounts.manage_store",
                counts.the_store,
            ),
            Step(
                pgettext_lazy("set-up", "Call time slots"),
                pgettext_lazy(
                    "set-up", "Three slots a day in which customers are called; supplied."
                ),
                "accounts:store",
                "accounts.manage_store",
                counts.slots,
            ),
            Step(
                pgettext_lazy("set-up", "Holidays and days closed"),
                pgettext_lazy(
                    "set-up", "Public holidays are known; say here what your store does otherwise."
                ),
                "accounts:calendar",
                "accounts.manage_calendar",
                counts.the_calendar,
            ),
        ),
    ),
    Chapter(
        pgettext_lazy("set-up", "People"),
        (
            Step(
                pgettext_lazy("set-up", "People and their roles"),
                pgettext_lazy(
                    "set-up",
                    "One may hold several roles. Hand the temporary password over in person.",
                ),
                "accounts:people",
                "accounts.manage_people",
                counts.people,
            ),
            Step(
                pgettext_lazy("set-up", "Managers of the departments"),
                pgettext_lazy("set-up", "On the right of the page of people."),
                "accounts:people",
                "accounts.manage_people",
                counts.leaders,
            ),
            Step(
                pgettext_lazy("set-up", "Teams of sales"),
                pgettext_lazy(
                    "set-up", "Scores are compared by team; each consultant belongs to one."
                ),
                "accounts:teams",
                "accounts.manage_teams",
                counts.the_teams,
            ),
            Step(
                pgettext_lazy("set-up", "Roster"),
                pgettext_lazy(
                    "set-up", "On working days everybody is on duty unless said otherwise."
                ),
                "accounts:roster",
                "accounts.manage_roster",
                counts.the_roster,
            ),
        ),
    ),
    Chapter(
        pgettext_lazy("set-up", "Workshop"),
        (
            Step(
                pgettext_lazy("set-up", "Bays and technicians"),
                pgettext_lazy(
                    "set-up", "A technician is one of the people with the workshop's role."
                ),
                "service:capacity",
                "service.manage_workshop",
                counts.workshop,
            ),
            Step(
                pgettext_lazy("set-up", "Parts"),
                pgettext_lazy(
                    "set-up", "One by one, or the whole list as a file on the page of imports."
                ),
                "service:part-list",
                "service.manage_workshop",
                counts.parts,
            ),
            Step(
                pgettext_lazy("set-up", "Operations and packages"),
                pgettext_lazy("set-up", "With standard minutes, price and usual parts."),
                "service:operation-list",
                "service.manage_workshop",
                counts.operations,
            ),
            Step(
                pgettext_lazy("set-up", "Maintenance schedules"),
                pgettext_lazy(
                    "set-up", "One for every model is supplied; add the models that differ."
                ),
                "customers:schedule-list",
                "customers.change_schedule",
                counts.schedules,
                supplied=True,
            ),
        ),
    ),
    Chapter(
        pgettext_lazy("set-up", "Showroom and hand-over"),
        (
            Step(
                pgettext_lazy("set-up", "Models and prices"),
                pgettext_lazy("set-up", "Quotations and orders are written from them."),
                "reception:sheet-list",
                "reception.keep_sheets",
                counts.models,
                by=Role.SALES_MANAGER,
            ),
            Step(
                pgettext_lazy("set-up", "Cars and routes for test drives"),
                pgettext_lazy("set-up", "A drive needs a car of the store and a route."),
                "reception:demo-car-list",
                "reception.keep_sheets",
                counts.test_drives,
                by=Role.SALES_MANAGER,
            ),
            Step(
                pgettext_lazy("set-up", "Hand-over areas"),
                pgettext_lazy("set-up", "Two are supplied: name them as in your store."),
                "delivery:settings",
                "delivery.manage",
                counts.hand_overs,
                by=Role.SALES_MANAGER,
                supplied=True,
            ),
        ),
    ),
    Chapter(
        pgettext_lazy("set-up", "Customer care"),
        (
            Step(
                pgettext_lazy("set-up", "Numbers of care"),
                pgettext_lazy(
                    "set-up", "Intervals, limits and deadlines of every kind of call; supplied."
                ),
                "care:policy",
                "care.view_policy",
                counts.care_numbers,
                changes="care.change_policy",
                supplied=True,
            ),
            Step(
                pgettext_lazy("set-up", "Scripts"),
                pgettext_lazy(
                    "set-up", "What is said in each kind of call, the surveys included; supplied."
                ),
                "care:scripts",
                "care.view_script",
                counts.scripts,
                changes="care.change_script",
                supplied=True,
            ),
            Step(
                pgettext_lazy("set-up", "Texts of messages"),
                pgettext_lazy(
                    "set-up", "Supplied; a provider of SMS may ask for a code with each text."
                ),
                "messaging:template-list",
                "messaging.change_template",
                counts.message_texts,
                supplied=True,
            ),
            Step(
                pgettext_lazy("set-up", "Limits of quick responses"),
                pgettext_lazy(
                    "set-up", "Hours for each step of handling dissatisfaction; supplied."
                ),
                "complaints:numbers",
                "complaints.change_numbers",
                counts.limits,
                supplied=True,
            ),
        ),
    ),
    Chapter(
        pgettext_lazy("set-up", "SSI and checks"),
        (
            Step(
                pgettext_lazy("set-up", "Survey models and their numbers"),
                pgettext_lazy(
                    "set-up", "One for buyers and one for lost buyers are asked from the start."
                ),
                "ssi:models",
                "ssi.view_model",
                counts.survey_models,
                changes="ssi.change_model",
                supplied=True,
            ),
            Step(
                pgettext_lazy("set-up", "Action guide"),
                pgettext_lazy("set-up", "Known weaknesses and what helps against them; supplied."),
                "ssi:guide",
                "ssi.view_guide",
                counts.guide,
                changes="ssi.change_guide",
                supplied=True,
            ),
            Step(
                pgettext_lazy("set-up", "Lists of points to check"),
                pgettext_lazy("set-up", "5S, showroom, PDI, hand-over and the others; supplied."),
                "penalties:fives-areas",
                "ssi.change_guide",
                counts.checklists,
                supplied=True,
            ),
        ),
    ),
    Chapter(
        pgettext_lazy("set-up", "Penalties and reports"),
        (
            Step(
                pgettext_lazy("set-up", "Rules of rewards and penalties"),
                pgettext_lazy(
                    "set-up", "Supplied; the general manager changes them from a coming day on."
                ),
                "penalties:rules",
                "penalties.view_rules",
                counts.rules,
                changes="penalties.change_rules",
                by=Role.GENERAL_MANAGER,
                supplied=True,
            ),
            Step(
                pgettext_lazy("set-up", "Who answers for this month's greetings"),
                pgettext_lazy("set-up", "Holiday greetings and weather notices of the month."),
                "penalties:greetings",
                "penalties.view_rules",
                counts.greeter,
                changes="penalties.name_greeter",
                by=Role.CARE_MANAGER,
            ),
            Step(
                pgettext_lazy("set-up", "Targets of the figures"),
                pgettext_lazy(
                    "set-up", "Each figure of the month report with what it is to reach."
                ),
                "reports:targets",
                "reports.view_report",
                counts.targets,
                changes="reports.set_target",
                by=Role.GENERAL_MANAGER,
            ),
        ),
    ),
)
FIRST_DAY = Chapter(
    pgettext_lazy("set-up", "The first working day"),
    (
        Step(
            pgettext_lazy("set-up", "Files of the DMS imported"),
            pgettext_lazy(
                "set-up", "Deliveries, customers, cars and service history, all files at once."
            ),
            "exchange:import-list",
            "exchange.import_files",
            counts.imports,
        ),
        Step(
            pgettext_lazy("set-up", "First calls planned"),
            pgettext_lazy("set-up", "By themselves, within five minutes of the import."),
            "care:calls",
            "care.view_team",
            counts.calls,
            by=Role.CARE_MANAGER,
        ),
        Step(
            pgettext_lazy("set-up", "First visit registered"),
            pgettext_lazy("set-up", "By the reception, at the door."),
            "reception:door",
            "reception.view_door",
            counts.visits,
            changes="reception.register_visit",
            by=Role.RECEPTIONIST,
        ),
        Step(
            pgettext_lazy("set-up", "First appointment booked"),
            pgettext_lazy("set-up", "By an advisor, or from a call."),
            "service:appointment-list",
            "service.view_appointment",
            counts.appointments,
            changes="service.book_appointment",
            by=Role.SERVICE_ADVISOR,
        ),
        Step(
            pgettext_lazy("set-up", "First hand-over planned"),
            pgettext_lazy("set-up", "From an order of the showroom."),
            "delivery:plan",
            "delivery.view_plan",
            counts.deliveries,
            changes="delivery.plan",
            by=Role.SALES_CONSULTANT,
        ),
    ),
)
