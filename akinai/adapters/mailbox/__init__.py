"""届いたメール (mailbox): bytes of a mail → one frozen `Mail`, or a `Refusal` with the reason. No database, no rooms.

    got = read_mail(raw, ours={"shop.example.jp"})
    if isinstance(got, Refusal): keep raw under got.digest, show got.reason to a person
    else:                        got.kind says whether anybody waits for an answer

The contract: `read_mail` never raises, whatever the bytes; `digest` (SHA-256 of the bytes) tells the same mail again; all text
is clean Unicode that PostgreSQL keeps; what is neither text nor HTML is an attachment with its very bytes, and what could not
be read for certain stands in `doubts` as Japanese sentences. Message-IDs stand without their angle brackets.
A room below the doors gets this through a port that `AdaptersConfig.ready` fills; the types it names under TYPE_CHECKING.

`imap.fetch_new` and `drop.claim` bring the bytes, `compose.compose` makes the answer that finds its way back into the thread.
"""

from akinai.adapters.mailbox.mail import Address, Attachment, Bounced, Code, Kind, Mail, Refusal
from akinai.adapters.mailbox.parser import read_mail

__all__ = ["Address", "Attachment", "Bounced", "Code", "Kind", "Mail", "Refusal", "read_mail"]
