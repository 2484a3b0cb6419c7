"""What may be done to orders (受注の操作)."""

from akinai.orders.services.addresses import Destination, add_address, change_address, remove_address
from akinai.orders.services.advance import advance
from akinai.orders.services.cancel import cancel
from akinai.orders.services.changes import accept_change, accept_pending, dismiss_change, foresee_changes
from akinai.orders.services.changing import change_order
from akinai.orders.services.editing import (
    AMOUNTS,
    charge_by_table,
    correct_amounts,
    edit_delivery,
    edit_note,
    extend_due,
    note_refunded,
    set_payment,
    settle,
    unsettle,
)
from akinai.orders.services.entering import Entry, EntryLine, enter
from akinai.orders.services.foreseeing import ShownDiffers, change_as_shown, foresee
from akinai.orders.services.giving import give_priced, new_gift_option, save_gift_option, set_gift
from akinai.orders.services.holds import (
    end_audit,
    hold,
    hold_for_audit,
    release,
    release_all,
    set_due,
    set_rules,
)
from akinai.orders.services.issues import accept_issue, assign_sku, correct_line, create_sku, take_out_line
from akinai.orders.services.kept import use_kept
from akinai.orders.services.lines import drop_repeats, edit_line, restore_line
from akinai.orders.services.locking import lock_all, stale, version
from akinai.orders.services.paid import (
    note_paid,
    note_paid_many,
    note_paid_together,
    note_refund_reversed,
    note_unpaid,
)
from akinai.orders.services.parting import (
    count_pieces,
    drop_rest,
    note_in_parts,
    note_part_instructed,
    note_parts_shipped,
    note_parts_unshipped,
    set_progress,
)
from akinai.orders.services.placing import Placed, place, place_many
from akinai.orders.services.progress import (
    note_delivered,
    note_instructed,
    note_invoice_not_needed,
    note_invoice_sent,
    note_invoiced,
    note_notified,
    note_shipped,
    note_unshipped,
    note_withdrawn,
)
from akinai.orders.services.promising import renew_ship_by
from akinai.orders.services.quotes import (
    VALID_DAYS,
    Offer,
    accept_quote,
    copy_quote,
    decline_quote,
    draft_quote,
    edit_quote,
    expire_quotes,
    submit_quote,
    withdraw_quote,
)
from akinai.orders.services.timed_holds import release_due_holds
from akinai.orders.services.unpaid import cancel_unpaid

__all__ = [
    "AMOUNTS",
    "VALID_DAYS",
    "Destination",
    "Entry",
    "EntryLine",
    "Offer",
    "Placed",
    "ShownDiffers",
    "accept_change",
    "accept_issue",
    "accept_pending",
    "accept_quote",
    "add_address",
    "advance",
    "assign_sku",
    "cancel",
    "cancel_unpaid",
    "change_address",
    "change_as_shown",
    "change_order",
    "charge_by_table",
    "copy_quote",
    "correct_amounts",
    "correct_line",
    "count_pieces",
    "create_sku",
    "decline_quote",
    "dismiss_change",
    "draft_quote",
    "drop_repeats",
    "drop_rest",
    "edit_delivery",
    "edit_line",
    "edit_note",
    "edit_quote",
    "end_audit",
    "enter",
    "expire_quotes",
    "extend_due",
    "foresee",
    "foresee_changes",
    "give_priced",
    "hold",
    "hold_for_audit",
    "lock_all",
    "new_gift_option",
    "note_delivered",
    "note_in_parts",
    "note_instructed",
    "note_invoice_not_needed",
    "note_invoice_sent",
    "note_invoiced",
    "note_notified",
    "note_paid",
    "note_paid_many",
    "note_paid_together",
    "note_part_instructed",
    "note_parts_shipped",
    "note_parts_unshipped",
    "note_refund_reversed",
    "note_refunded",
    "note_shipped",
    "note_unpaid",
    "note_unshipped",
    "note_withdrawn",
    "place",
    "place_many",
    "release",
    "release_all",
    "release_due_holds",
    "remove_address",
    "renew_ship_by",
    "restore_line",
    "save_gift_option",
    "set_due",
    "set_gift",
    "set_payment",
    "set_progress",
    "set_rules",
    "settle",
    "stale",
    "submit_quote",
    "take_out_line",
    "unsettle",
    "use_kept",
    "version",
    "withdraw_quote",
]
