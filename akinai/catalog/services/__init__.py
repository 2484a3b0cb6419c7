"""What may be done to goods (商品の操作). One file per concern; these names are the front door."""

from __future__ import annotations

from akinai.catalog.services.importing import undo_import
from akinai.catalog.services.stubs import StubSku, create_stub_skus

__all__ = ["StubSku", "create_stub_skus", "undo_import"]
