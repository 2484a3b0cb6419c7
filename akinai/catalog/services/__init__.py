"""What may be done to goods (商品の操作). One file per concern; these names are the front door."""

from __future__ import annotations

from akinai.catalog.services.attributes import ask
from akinai.catalog.services.categories import add_category, delete_category, place_category, rename_category
from akinai.catalog.services.grid import Typed, save_grid
from akinai.catalog.services.images import add_image, describe_image, move_image, order_images, remove_image
from akinai.catalog.services.importing import undo_import
from akinai.catalog.services.lots import set_lot_rule, track_lots
from akinai.catalog.services.manuals import publish_manual, record_session
from akinai.catalog.services.own_codes import (
    give_in_store_codes,
    take_own_code,
    use_prefix,
    write_rule,
)
from akinai.catalog.services.price_changes import put_back, set_prices
from akinai.catalog.services.prices import apply_due, cancel_schedule, end_now, schedule_prices
from akinai.catalog.services.products import (
    create_product,
    end_sale,
    hide_from_shop,
    mark_reviewed,
    name_addresses,
    note_costs,
    resume_sale,
    show_in_shop,
    update_product,
)
from akinai.catalog.services.selling import set_selling_terms
from akinai.catalog.services.sets import compose_set
from akinai.catalog.services.stubs import StubSku, create_stub_skus

__all__ = [
    "StubSku",
    "Typed",
    "add_category",
    "add_image",
    "apply_due",
    "ask",
    "cancel_schedule",
    "compose_set",
    "create_product",
    "create_stub_skus",
    "delete_category",
    "describe_image",
    "end_now",
    "end_sale",
    "give_in_store_codes",
    "hide_from_shop",
    "mark_reviewed",
    "move_image",
    "name_addresses",
    "note_costs",
    "order_images",
    "place_category",
    "publish_manual",
    "put_back",
    "record_session",
    "remove_image",
    "rename_category",
    "resume_sale",
    "save_grid",
    "schedule_prices",
    "set_lot_rule",
    "set_prices",
    "set_selling_terms",
    "show_in_shop",
    "take_own_code",
    "track_lots",
    "undo_import",
    "update_product",
    "use_prefix",
    "write_rule",
]
