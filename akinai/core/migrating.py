"""表を速く作る: what a migration changes is drawn anew alone, so a fresh database is ready in half the time.

While Django walks through two hundred migrations it keeps every model as a class, and whenever one of them changes it
makes all its relatives anew, which here are nearly all models. Changing tables needs none of that: a relative is asked for
its table and its key, and those stay. So only the changed model is made anew, and the state is marked as `delayed`: that is
Django's own sign that whoever wants to work with the models (RunPython, the signals at the end) has all of them made anew.
Where a key, a name or a parent changes, Django's own way is kept.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.state import ProjectState

type Found = set[tuple[str, str]]

_find = ProjectState._find_reload_model  # type: ignore[attr-defined]


def _relatives(self: Any, app_label: str, model_name: str, delay: bool = False) -> Found:
    """Which models are made anew when this one has changed."""
    if _stands_alone(self, app_label, model_name):
        self.is_delayed = True
        return {(app_label, model_name)}
    found: Found = _find(self, app_label, model_name, delay)
    return found


def _stands_alone(state: Any, app_label: str, model_name: str) -> bool:
    """It is new, or its key is as it was and no other model is made from it."""
    now = state.models[app_label, model_name]
    try:
        before = state.apps.get_model(app_label, model_name)
    except LookupError:
        return True
    if any(isinstance(base, str) for base in now.bases) or any(
        before in model.__bases__ for model in state.apps.get_models(include_auto_created=True)
    ):
        return False
    key = before._meta.pk
    field = now.fields.get(key.name)
    if field is None:  # the automatic key
        return bool(key.auto_created)
    return bool(field.deconstruct()[1:] == key.deconstruct()[1:] and before._meta.db_table == _table(now))


def _table(state: Any) -> str:
    return str(state.options.get("db_table") or f"{state.app_label}_{state.name_lower}")


def make_quick() -> None:
    """For the whole process, from the moment the apps are ready."""
    ProjectState._find_reload_model = _relatives  # type: ignore[attr-defined]
