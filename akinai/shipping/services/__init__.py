"""What may be done in shipping (出荷の操作): instruct → print → labels → tracking → ship → notify → deliver."""

from __future__ import annotations

from akinai.shipping.services.accounts import save_account
from akinai.shipping.services.changing import change_carrier, change_label
from akinai.shipping.services.deliver import deliver
from akinai.shipping.services.delivery import remove_days, save_calendar, save_days, seed_days, take_days
from akinai.shipping.services.fees import (
    FeeParts,
    copy_fees,
    discard_fees,
    draft_fees,
    publish_fees,
    rewrite_fees,
    usual_parts,
    withdraw_fees,
)
from akinai.shipping.services.instruct import instruct, instruct_part, withdraw
from akinai.shipping.services.labels import export_labels
from akinai.shipping.services.merging import merge_orders, undo_merge
from akinai.shipping.services.notify import notify_by_hand, queue_mail
from akinai.shipping.services.pack import check, pack, pack_unchecked, unpack
from akinai.shipping.services.printed import note_picking_printed, note_slips_printed, show_prices
from akinai.shipping.services.returning import (
    Asked,
    Found,
    Settled,
    arrive,
    begin_settlement,
    cancel_return,
    inspect,
    note_settled,
    refuse_return,
    reinspect,
    reopen_return,
    request_return,
    set_quantity,
    split_line,
    undo_arrival,
    undo_settlement,
    waive,
)
from akinai.shipping.services.ship import cancel_rest, ship
from akinai.shipping.services.telling import (
    note_refused_by_mall,
    note_taken_by_mall,
    note_told_by_hand,
    tell_mall,
)
from akinai.shipping.services.tracking import add_tracking, remove_tracking
from akinai.shipping.services.unship import unship
from akinai.shipping.services.waves import (
    SentOff,
    add_wave,
    instruct_wave,
    resume_wave,
    retire_wave,
    save_wave,
)

__all__ = [
    "Asked",
    "FeeParts",
    "Found",
    "SentOff",
    "Settled",
    "add_tracking",
    "add_wave",
    "arrive",
    "begin_settlement",
    "cancel_rest",
    "cancel_return",
    "change_carrier",
    "change_label",
    "check",
    "copy_fees",
    "deliver",
    "discard_fees",
    "draft_fees",
    "export_labels",
    "inspect",
    "instruct",
    "instruct_part",
    "instruct_wave",
    "merge_orders",
    "note_picking_printed",
    "note_refused_by_mall",
    "note_settled",
    "note_slips_printed",
    "note_taken_by_mall",
    "note_told_by_hand",
    "notify_by_hand",
    "pack",
    "pack_unchecked",
    "publish_fees",
    "queue_mail",
    "refuse_return",
    "reinspect",
    "remove_days",
    "remove_tracking",
    "reopen_return",
    "request_return",
    "resume_wave",
    "retire_wave",
    "rewrite_fees",
    "save_account",
    "save_calendar",
    "save_days",
    "save_wave",
    "seed_days",
    "set_quantity",
    "ship",
    "show_prices",
    "split_line",
    "take_days",
    "tell_mall",
    "undo_arrival",
    "undo_merge",
    "undo_settlement",
    "unpack",
    "unship",
    "usual_parts",
    "waive",
    "withdraw",
    "withdraw_fees",
]
