"""What hangs on a customer in other rooms (顧客についていくもの): it follows when two customers become one, and goes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class Follower(Protocol):
    """One room. Everything happens in the transaction of the merge."""

    code: str

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        """(what, how much) of it this customer has, for the preview."""
        ...

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        """Why the two cannot become one, and the way out. `choice`: whose terms hold, "kept" or "gone"."""
        ...

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> Any:
        """Move it from `gone` to `kept`. Out: JSON that `go_back` needs."""
        ...

    def go_back(self, kept: int, gone: int, moved: Any, *, by: Staff | None) -> None:
        """Move back what was moved then; what came to `kept` since stays there."""
        ...


FOLLOWERS: dict[str, Follower] = {}


def register_follower(follower: Follower) -> None:
    """Called from an AppConfig.ready."""
    FOLLOWERS[follower.code] = follower
