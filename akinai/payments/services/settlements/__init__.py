"""入金精算の操作: taken from a file, explained line by line, tied to the bank, and taken back by reversal."""

from akinai.payments.services.settlements.acts import accept_difference, book_line, tie_line, undo_line
from akinai.payments.services.settlements.bank import by_hand, tie_all, tie_bank, untie_bank
from akinai.payments.services.settlements.explaining import Explained, explain_again
from akinai.payments.services.settlements.parcels import ParcelShare, parcel_of, tie_parcel
from akinai.payments.services.settlements.taking import Taken, compare, reverse, take
from akinai.payments.services.settlements.terms import add_usual, save_terms, terms_of

__all__ = [
    "Explained",
    "ParcelShare",
    "Taken",
    "accept_difference",
    "add_usual",
    "book_line",
    "by_hand",
    "compare",
    "explain_again",
    "parcel_of",
    "reverse",
    "save_terms",
    "take",
    "terms_of",
    "tie_all",
    "tie_bank",
    "tie_line",
    "tie_parcel",
    "undo_line",
    "untie_bank",
]
