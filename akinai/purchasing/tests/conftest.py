from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def papers_folder(tmp_path: Path, settings: Any) -> Path:
    """Issued files of one test, apart from everybody else's."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files" / "papers"
