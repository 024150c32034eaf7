"""The people of the demo store: one for every role, all with the same password."""

from django.contrib.auth.hashers import make_password

from apps.accounts.actions.store import FROM_THE_START
from apps.accounts.choices import DepartmentKind, Role
from apps.accounts.models import Department, Store, Team, TeamMember, User

PASSWORD = "demo-2026-demo"  # printed by make_demo: it guards made-up people only
CARE = (Role.CARE_SPECIALIST,)
# user name, name, department, roles; who leads the department is in MANAGERS
PEOPLE: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("demo_care1", "演示专员甲", DepartmentKind.CARE, CARE),
    ("demo_care2", "演示专员乙", DepartmentKind.CARE, CARE),
    ("demo_care3", "演示专员丙", DepartmentKind.CARE, CARE),
    ("demo_caremanager", "演示客服经理", DepartmentKind.CARE, (Role.CARE_MANAGER,)),
    ("demo_reception", "演示前台", DepartmentKind.SALES, (Role.RECEPTIONIST,)),
    ("demo_sales", "演示销售顾问甲", DepartmentKind.SALES, (Role.SALES_CONSULTANT,)),
    ("demo_sales2", "演示销售顾问乙", DepartmentKind.SALES, (Role.SALES_CONSULTANT,)),
    ("demo_sales3", "演示销售顾问丙", DepartmentKind.SALES, (Role.SALES_CONSULTANT,)),
    ("demo_salesmanager", "演示销售经理", DepartmentKind.SALES, (Role.SALES_MANAGER,)),
    ("demo_advisor", "演示服务顾问甲", DepartmentKind.SERVICE, (Role.SERVICE_ADVISOR,)),
    ("demo_supervisor", "演示售后前台主管", DepartmentKind.SERVICE, (Role.SERVICE_SUPERVISOR,)),
    ("demo_service", "演示售后经理", DepartmentKind.SERVICE, (Role.SERVICE_MANAGER,)),
    ("demo_workshop", "演示车间调度", DepartmentKind.SERVICE, (Role.WORKSHOP,)),
    *(
        (f"demo_tech{n}", f"演示技师{name}", DepartmentKind.SERVICE, (Role.WORKSHOP,))
        for n, name in enumerate("甲乙丙丁", 1)
    ),
    ("demo_insurance", "演示保险专员", DepartmentKind.INSURANCE, (Role.INSURANCE_SPECIALIST,)),
    ("demo_admin_office", "演示行政", DepartmentKind.ADMINISTRATION, (Role.ADMINISTRATION,)),
    ("demo_gm", "演示总经理", DepartmentKind.ADMINISTRATION, (Role.GENERAL_MANAGER,)),
    ("demo_group", "演示集团管理", DepartmentKind.ADMINISTRATION, (Role.GROUP_MANAGER,)),
    (
        "demo_sysadmin",
        "演示系统管理员",
        DepartmentKind.ADMINISTRATION,
        (Role.SYSTEM_ADMINISTRATOR,),
    ),
)
MANAGERS = {
    DepartmentKind.SALES: "demo_salesmanager",
    DepartmentKind.SERVICE: "demo_service",
    DepartmentKind.CARE: "demo_caremanager",
    DepartmentKind.INSURANCE: "demo_insurance",
    DepartmentKind.FINANCE: "demo_gm",
    DepartmentKind.ADMINISTRATION: "demo_admin_office",
}
TEAMS = {"销售一组": ("demo_sales", "demo_sales2"), "销售二组": ("demo_sales3",)}


def add_people(store: Store, *, only: tuple[Role, ...] = ()) -> dict[str, User]:
    """The demo people of a store by their plain user names (all roles unless ``only`` some).

    User names are unique over all stores: where demo_care1 is taken the store's code is put
    behind, demo_care1.s2.
    """
    chosen = [p for p in PEOPLE if not only or set(p[3]) & set(only)]
    departments = {row.kind: row for row in Department.objects.filter(store=store)}
    taken = User.objects.filter(username__in=[p[0] for p in chosen]).exists()
    suffix = f".{store.code.lower()}" if taken else ""
    password = make_password(PASSWORD)
    people = {
        plain: User(
            username=plain + suffix,
            name=name,
            store=store,
            department=departments.get(department),
            roles=list(roles),
            password=password,
        )
        for plain, name, department, roles in chosen
    }
    User.objects.bulk_create(people.values())
    for kind, plain in MANAGERS.items():
        if plain in people and kind in departments:
            departments[kind].manager = people[plain]
            departments[kind].save(update_fields=["manager"])
    for name, members in TEAMS.items():
        if there := [people[plain] for plain in members if plain in people]:
            team = Team.objects.create(store=store, name=name)
            TeamMember.objects.bulk_create(
                TeamMember(store=store, user=user, team=team, from_on=FROM_THE_START)
                for user in there
            )
    return people
