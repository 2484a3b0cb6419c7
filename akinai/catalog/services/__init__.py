"""What may be done to goods (商品の操作). One file per concern; these names are the front door."""

from __future__ import annotations

from akinai.catalog.services.images import add_image, move_image, order_images, remove_image
from akinai.catalog.services.importing import undo_import
from akinai.catalog.services.products import (
    create_product,
    end_sale,
    mark_reviewed,
    note_costs,
    resume_sale,
    update_product,
)
from akinai.catalog.services.stubs import StubSku, create_stub_skus

__all__ = [
    "StubSku",
    "add_image",
    "create_product",
    "create_stub_skus",
    "end_sale",
    "mark_reviewed",
    "move_image",
    "note_costs",
    "order_images",
    "remove_image",
    "resume_sale",
    "undo_import",
    "update_product",
]
