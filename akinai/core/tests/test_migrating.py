"""表を速く作る: a change makes one model anew, and whoever works with the models still has all of them as they are now."""

from __future__ import annotations

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState


@pytest.fixture
def state() -> ProjectState:
    """Orders of customers."""
    made = ProjectState()
    made.add_model(
        ModelState("shop", "Customer", [("id", models.AutoField(primary_key=True, serialize=False))])
    )
    made.add_model(
        ModelState(
            "shop", "Order",
            [("id", models.AutoField(primary_key=True, serialize=False)), ("customer", models.ForeignKey("shop.Customer", models.CASCADE))],
        )
    )  # fmt: skip
    return made


def _names(state: ProjectState) -> list[str]:
    """The fields of a customer as an order sees them."""
    customer = state.apps.get_model("shop", "order")._meta.get_field("customer").related_model
    return sorted(field.name for field in customer._meta.concrete_fields)


def test_a_new_field_makes_its_own_model_anew_and_leaves_the_others(state: ProjectState) -> None:
    order = state.apps.get_model("shop", "order")
    state.add_field("shop", "customer", "name", models.TextField(), preserve_default=True)
    assert state.apps.get_model("shop", "customer")._meta.get_field("name")
    assert state.apps.get_model("shop", "order") is order
    state.clear_delayed_apps_cache()  # what RunPython does first
    assert _names(state) == ["id", "name"]


def test_a_new_key_makes_everything_anew_that_points_to_it(state: ProjectState) -> None:
    order = state.apps.get_model("shop", "order")
    state.alter_field("shop", "customer", "id", models.BigAutoField(primary_key=True), preserve_default=True)
    assert state.apps.get_model("shop", "order") is not order
    target = state.apps.get_model("shop", "order")._meta.get_field("customer").target_field
    assert isinstance(target, models.BigAutoField)
