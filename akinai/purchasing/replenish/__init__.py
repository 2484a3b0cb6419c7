"""適正在庫 (replenishment): how many to keep, when to order and how many, with the reason in words and yen.

Pure: numpy and scipy, no Django and no database; frozen dataclasses in and out. A caller brings

1. `Sale` rows (SKU, day, pieces; cancellations and returns negative, with the day they undo where known), the days a SKU
   was sold out, and the first day it was on sale → `histories(…)`. Half a year is good, eight weeks do, none is said.
2. `Arrival` rows (ordered on, received on, pieces) and the supplier's promise → `lead_time(…)`, per SKU or supplier.
3. `Goods`: price and unit cost without tax, on hand, promised (引当・取置・欠品待ち), incoming (発注残), MOQ, lot, case, days
   between reviews, shelf life, storage. `Rates`: interest, tax, decay, storage, yen per order line, the shop's own.
4. per supplier a `Minimum`: 最低発注額, 送料無料.

and gets

    forecasts = forecast(history)                   # nightly; rows can be stored and `gather`ed again
    ready = prepare(forecasts, goods, rates)        # goods in the order of the history's sku_ids
    rows = recommendations(ready, Aim())            # or Aim(AimKind.OVERALL, 0.97): the slider
    explain(rows[0]).text; curve(ready); drafts(rows, minimums); patterns(history); abc(yen); xyz(history)
    surpluses(stuck, rates=rates)                   # 死に筋 with proposals

What has no history comes back with Notice.NO_HISTORY and 0 pieces; nothing here writes, asks the clock or rounds yen twice.
"""

from akinai.purchasing.replenish.aims import Aim, AimKind
from akinai.purchasing.replenish.classes import Pattern, abc, patterns, xyz
from akinai.purchasing.replenish.costs import Carrying, Rates
from akinai.purchasing.replenish.explain import Explanation, explain
from akinai.purchasing.replenish.forecast import Forecast, Forecasts, forecast, gather
from akinai.purchasing.replenish.goods import Columns, Goods
from akinai.purchasing.replenish.history import Histories, Sale, histories
from akinai.purchasing.replenish.leadtime import Arrival, LeadTime, lead_time
from akinai.purchasing.replenish.methods import Method
from akinai.purchasing.replenish.minimum import Draft, DraftLine, Minimum, Reach, drafts
from akinai.purchasing.replenish.plan import Prepared, points, prepare
from akinai.purchasing.replenish.recommend import CurvePoint, curve, recommend, recommendations, total
from akinai.purchasing.replenish.result import Level, Need, Notice, Recommendation, Yearly
from akinai.purchasing.replenish.surplus import Act, Limits, Proposal, Stuck, Surplus, surpluses

__all__ = [
    "Act", "Aim", "AimKind", "Arrival", "Carrying", "Columns", "CurvePoint", "Draft", "DraftLine", "Explanation",
    "Forecast", "Forecasts", "Goods", "Histories", "LeadTime", "Level", "Limits", "Method", "Minimum", "Need",
    "Notice", "Pattern", "Prepared", "Proposal", "Rates", "Reach", "Recommendation", "Sale", "Stuck", "Surplus",
    "Yearly", "abc", "curve", "drafts", "explain", "forecast", "gather", "histories", "lead_time", "patterns",
    "points", "prepare", "recommend", "recommendations", "surpluses", "total", "xyz",
]  # fmt: skip
