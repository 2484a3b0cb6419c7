"""What may be done in shipping (出荷の操作): instruct → print → labels → tracking → ship → notify → deliver."""

from __future__ import annotations

from akinai.shipping.services.accounts import save_account
from akinai.shipping.services.changing import change_carrier, change_label
from akinai.shipping.services.deliver import deliver
from akinai.shipping.services.instruct import instruct, withdraw
from akinai.shipping.services.labels import export_labels
from akinai.shipping.services.notify import notify_by_hand, queue_mail
from akinai.shipping.services.pack import check, pack, pack_unchecked, unpack
from akinai.shipping.services.printed import note_picking_printed, note_slips_printed, show_prices
from akinai.shipping.services.ship import ship
from akinai.shipping.services.tracking import add_tracking, remove_tracking
from akinai.shipping.services.unship import unship

__all__ = [
    "add_tracking",
    "change_carrier",
    "change_label",
    "check",
    "deliver",
    "export_labels",
    "instruct",
    "note_picking_printed",
    "note_slips_printed",
    "notify_by_hand",
    "pack",
    "pack_unchecked",
    "queue_mail",
    "remove_tracking",
    "save_account",
    "ship",
    "show_prices",
    "unpack",
    "unship",
    "withdraw",
]
