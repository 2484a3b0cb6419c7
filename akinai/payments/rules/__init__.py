"""消込の判断 (rules of matching): pure decisions, no database.

`names` reads what stands on paper, `book` holds all open dues, `evidence` says how well one due fits one credit,
`decide` looks at everything together and says what is certain, `parts` turns a decision into yen.
"""

from akinai.payments.rules.book import Book, Credit, Due, Ghost
from akinai.payments.rules.decide import CERTAIN, Candidate, Decision, decide
from akinai.payments.rules.names import Payer, name_keys, read_payer
from akinai.payments.rules.parts import Owed, Part, Rest, Shortage, allocate

__all__ = [
    "CERTAIN",
    "Book",
    "Candidate",
    "Credit",
    "Decision",
    "Due",
    "Ghost",
    "Owed",
    "Part",
    "Payer",
    "Rest",
    "Shortage",
    "allocate",
    "decide",
    "name_keys",
    "read_payer",
]
