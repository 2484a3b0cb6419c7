"""取込の画面: upload, preview, mapping, history. The work itself is in `akinai.core.intake`."""
