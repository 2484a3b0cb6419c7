"""在庫の画面."""

from django.urls import path

from akinai.stock.lists.differences import DifferenceList
from akinai.stock.lists.keeping import KeepList
from akinai.stock.lists.levels import Ledger, StockList
from akinai.stock.lists.lots import LotList
from akinai.stock.lists.stocktakes import StocktakeLines, StocktakeList
from akinai.stock.lists.transfers import TransferList
from akinai.stock.lists.write_downs import WriteDownList
from akinai.stock.views import (
    card,
    keeping,
    places,
    scanning,
    sets,
    stocktakes,
    terms,
    transfers,
    valuation,
    write_downs,
)

app_name = "stock"
urlpatterns = [
    path("stock/", StockList.as_view(), name="list"),
    path("stock/entries/", Ledger.as_view(), name="ledger"),
    path("stock/entries/<int:pk>/reverse/", card.reverse_entry, name="reverse"),
    path("stock/<int:sku_id>/", card.card, name="card"),
    path("stock/<int:sku_id>/adjust/", card.adjust, name="adjust"),
    path("stock/<int:sku_id>/terms/", terms.terms, name="terms"),
    path("stock/<int:sku_id>/keep/", keeping.keep, name="keep"),
    path("stock/kept/", KeepList.as_view(), name="keeps"),
    path("stock/kept/<str:number>/", keeping.kept, name="kept"),
    path("stock/kept/<str:number>/extend/", keeping.extend, name="extend_kept"),
    path("stock/kept/<str:number>/release/", keeping.release, name="release_kept"),
    path("stock/<int:sku_id>/set/", sets.compose, name="set"),
    path("stock/lots/", LotList.as_view(), name="lots"),
    path("stock/<int:sku_id>/lots/", card.start_lots, name="start_lots"),
    path("stock/<int:sku_id>/lots/rule/", card.set_lot_rule, name="set_lot_rule"),
    path("stock/writedowns/", WriteDownList.as_view(), name="write_downs"),
    path("stock/writedowns/new/", write_downs.write_down_add, name="write_down_add"),
    path("stock/writedowns/<str:number>/", write_downs.write_down, name="write_down"),
    path("stock/writedowns/<str:number>/reverse/", write_downs.write_down_reverse, name="write_down_reverse"),
    path("stock/valuation/", valuation.valuation, name="valuation"),
    path("stock/valuation/file/<str:kind>/", valuation.valuation_file, name="valuation_file"),
    path("stock/valuation/kept/<int:pk>/<int:no>/", valuation.inventory_volume, name="inventory_volume"),
    path("stock/scan/", scanning.scan, name="scan"),
    path("stock/look/", scanning.look, name="look"),
    path("stock/places/", places.places, name="places"),
    path("stock/places/new/", places.place_add, name="place_add"),
    path("stock/places/<str:code>/", places.place, name="place"),
    path("stock/transfers/", TransferList.as_view(), name="transfers"),
    path("stock/transfers/new/", transfers.transfer_add, name="transfer_add"),
    path("stock/transfers/<str:number>/", transfers.transfer, name="transfer"),
    path("stock/transfers/<str:number>/edit/", transfers.transfer_edit, name="transfer_edit"),
    path("stock/transfers/<str:number>/send/", transfers.transfer_send, name="transfer_send"),
    path("stock/transfers/<str:number>/receive/", transfers.transfer_receive, name="transfer_receive"),
    path("stock/transfers/<str:number>/settle/", transfers.transfer_settle, name="transfer_settle"),
    path("stock/transfers/<str:number>/reopen/", transfers.transfer_reopen, name="transfer_reopen"),
    path("stock/transfers/<str:number>/cancel/", transfers.transfer_cancel, name="transfer_cancel"),
    path("stock/transfers/<str:number>/pdf/", transfers.transfer_pdf, name="transfer_pdf"),
    path("stock/takes/", StocktakeList.as_view(), name="stocktakes"),
    path("stock/takes/differences/", DifferenceList.as_view(), name="differences"),
    path("stock/takes/new/", stocktakes.stocktake_add, name="stocktake_add"),
    path("stock/takes/<str:number>/", stocktakes.stocktake, name="stocktake"),
    path("stock/takes/<str:number>/lines/", StocktakeLines.as_view(), name="stocktake_lines"),
    path("stock/takes/<str:number>/count/", stocktakes.stocktake_count, name="stocktake_count"),
    path("stock/takes/<str:number>/paste/", stocktakes.stocktake_paste, name="stocktake_paste"),
    path("stock/takes/<str:number>/sheet/", stocktakes.stocktake_sheet, name="stocktake_sheet"),
    path("stock/takes/<str:number>/report/", stocktakes.stocktake_report, name="stocktake_report"),
    path("stock/takes/<str:number>/close/", stocktakes.stocktake_close, name="stocktake_close"),
    path("stock/takes/<str:number>/again/", stocktakes.stocktake_again, name="stocktake_again"),
    path("stock/takes/<str:number>/post/", stocktakes.stocktake_post, name="stocktake_post"),
    path("stock/takes/<str:number>/reverse/", stocktakes.stocktake_reverse, name="stocktake_reverse"),
    path("stock/takes/<str:number>/cancel/", stocktakes.stocktake_cancel, name="stocktake_cancel"),
]
