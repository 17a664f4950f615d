"""The floors of the house, for what the import contract cannot show: foreign keys."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = CONFIG["tool"]["importlinter"]["contracts"][0]["layers"]
FLOOR = {
    room.strip(): height
    for height, floor in enumerate(reversed(LAYERS))
    for room in floor.replace("(", "").replace(")", "").split("|")
}


def cross_room_keys() -> Iterator[tuple[Any, Any, Any]]:
    """Every foreign key between two rooms: the model, the field, the other model."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if not (field.concrete and other):
                continue
            rooms = model._meta.app_label, other._meta.app_label
            if set(rooms) <= FLOOR.keys() and rooms[0] != rooms[1]:
                yield model, field, other


def test_there_are_keys_to_look_at() -> None:
    assert any(cross_room_keys())


def test_foreign_keys_lead_downstairs() -> None:
    for model, field, other in cross_room_keys():
        assert FLOOR[model._meta.app_label] > FLOOR[other._meta.app_label], field


def test_foreign_keys_leave_no_door_back_up() -> None:
    for _model, field, _other in cross_room_keys():
        assert field.remote_field.hidden, f"{field}: give it related_name='+'"


def test_no_key_leads_anywhere() -> None:
    """Generic foreign keys would lead round the floors."""
    for model in apps.get_models():
        if model._meta.app_label in FLOOR:
            assert not [field for field in model._meta.private_fields if field.name == "content_object"], model
