"""Everything that changes stores, people and rosters."""

from datetime import date

from apps.accounts.choices import DepartmentKind
from apps.accounts.models import CallSlots, Department, Store
from apps.core.actions import action

FROM_THE_START = date(2000, 1, 1)  # default rows hold for every day that can be asked about


@action
def add_store(
    code: str, name: str, *, city: str = "", local_regions: list[str] | None = None
) -> Store:
    """A new dealership with its call slots and departments (ORG-03, ORG-05)."""
    store = Store.objects.create(code=code, name=name, city=city, local_regions=local_regions or [])
    CallSlots.objects.create(store=store, effective_from=FROM_THE_START)
    Department.objects.bulk_create(Department(store=store, kind=kind) for kind in DepartmentKind)
    return store
