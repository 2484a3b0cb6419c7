"""役割: each duty may do its work and nothing else."""

from __future__ import annotations

import pytest

from tests.cast import staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "permission", "may"),
    [
        ("伊藤", "payments.add_match", True),
        ("伊藤", "staff.change_staff", True),
        ("鈴木", "payments.add_match", True),
        ("鈴木", "stock.add_stockentry", False),
        ("高橋", "shipping.add_shippingbatch", True),
        ("高橋", "payments.view_bankline", False),
        ("佐藤", "orders.cancel_order", True),
        ("佐藤", "staff.view_staff", False),
        ("部外者", "orders.view_order", False),
    ],
)
def test_roles_open_the_right_doors(name: str, permission: str, may: bool) -> None:
    assert staff(name).has_perm(permission) is may
