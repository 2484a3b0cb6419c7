"""要確認の規則を文で: conditions that staff build from parts 主語・比べ方・値, read back in Japanese, judged on plain facts.

`subjects` what may be asked of an order, `conditions` the tree and its spelling as JSON, `sentences` the tree in
Japanese, `facts` what is known of one order, `judging` yes or no, `standard` the rules that a new shop begins with.
Nothing here knows the database.
"""

from akinai.orders.check_rules.conditions import Condition, Group, Part, Problem, from_json, problems, to_json
from akinai.orders.check_rules.facts import Goods, History, Nearby, OrderFacts
from akinai.orders.check_rules.judging import Check, holds, needs
from akinai.orders.check_rules.sentences import Labels, sentence
from akinai.orders.check_rules.subjects import SUBJECTS, Kind, Need, Subject

__all__ = [
    "SUBJECTS", "Check", "Condition", "Goods", "Group", "History", "Kind", "Labels", "Nearby", "Need", "OrderFacts", "Part",
    "Problem", "Subject", "from_json", "holds", "needs", "problems", "sentence", "to_json",
]  # fmt: skip
