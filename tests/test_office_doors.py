"""管理画面の扉: every page and every act of the office asks who is there before it looks at anything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from akinai.ui.worklist import Worklist
from tests import cast

NOTHING = object()
# Open to whoever works here: what stands behind them asks by itself, for the kind of file, the owner of a job, or the rows.
OPEN_TO_STAFF = ("office/exports/", "office/intake/", "office/jobs/", "office/ui/")


def doors(patterns: Sequence[Any], place: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(address, pattern) of all addresses."""
    for one in patterns:
        address = f"{place}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from doors(one.url_patterns, address)
        else:
            yield address, one


def office() -> dict[str, URLPattern]:
    return {at: one for at, one in doors(get_resolver().url_patterns) if at.startswith("office/")}


def permission_of(door: URLPattern) -> Any:
    """Its permission; None where every member of the staff may enter, NOTHING where nobody is asked."""
    view: Any = door.callback
    return getattr(getattr(view, "view_class", view), "permission", NOTHING)


def closed_to(name: str, *areas: str) -> set[str]:
    """Doors of these parts of the office (support, shop …) that this one of the cast does not open, by their names."""
    person, begins = cast.staff(name), tuple(f"office/{area}/" for area in areas)
    doors = {at: door for at, door in office().items() if at.startswith(begins)}
    assert doors
    return {
        str(door.name)
        for door in doors.values()
        if (told := permission_of(door)) and not person.has_perm(told)
    }


def test_every_address_of_the_office_asks_for_a_permission() -> None:
    found = {at: permission_of(door) for at, door in office().items()}
    assert len(found) > 300
    assert {at for at, permission in found.items() if permission is NOTHING} == set()
    free = {at for at, permission in found.items() if permission is None and not at.startswith(OPEN_TO_STAFF)}
    assert free == {"office/"}


@pytest.mark.django_db
def test_an_outsider_is_refused_at_every_door_before_anything_is_looked_up() -> None:
    stranger, factory = cast.staff("部外者"), RequestFactory()
    for at, door in office().items():
        if permission_of(door) is None:
            continue
        named = {
            name: 1 if "Int" in type(sort).__name__ else "x" for name, sort in door.pattern.converters.items()
        }
        for request in (factory.get("/"), factory.post("/")):
            request.user = stranger
            with pytest.raises(PermissionDenied):
                door.callback(request, **named)
                pytest.fail(at)


def test_every_list_that_names_people_writes_down_who_takes_it_out() -> None:
    people = {"お客様", "渡したお客様", "注文者", "氏名", "顧客"}
    lists = {
        view
        for door in office().values()
        if isinstance(view := getattr(door.callback, "view_class", None), type) and issubclass(view, Worklist)
    }
    naming = {one for one in lists if any(column.mask or column.title in people for column in one.columns)}
    assert len(naming) > 20
    assert {one.__name__ for one in naming if not one.is_personal} == set()
