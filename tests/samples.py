"""Real files of the field lie beside the repository (../shared/samples); tests that read them say so when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "samples"


def sample(name: str) -> bytes:
    """The bytes of a sample; the test is skipped with the reason when the folder is not there."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"sample {name} is not on this machine ({FOLDER})")
    return path.read_bytes()
