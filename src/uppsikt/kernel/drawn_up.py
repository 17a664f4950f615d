"""A question that every page asks is drawn up once: Django's drawing of it can cost many times what the answer does.

What is asked, and what its rules are, stays with the rooms: they draw an ordinary query, of values that stand in for
those of each asking. Here only the SQL that Django made of it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler

Rows = list[dict[str, Any]]


class DrawnUp:
    """`draw` makes a `QuerySet.values(…)` of stand-ins: values by name that occur nowhere else in the query."""

    def __init__(self, draw: Callable[..., QuerySet[Any, Any]], **stand_ins: object) -> None:
        self.draw, self.stand_ins = draw, stand_ins
        self._drawn: tuple[SQLCompiler, list[str], str, tuple[Any, ...]] | None = None

    def ask(self, **values: object) -> Rows:
        """The rows, for a value in each stand-in's place. They are in no order but the query's own."""
        compiler, names, sql, params = self._drawn or self.drawn()
        asked = tuple(self.fill(param, values) for param in params)
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(sql, asked)
            found = cursor.fetchall()
        return [dict(zip(names, row, strict=True)) for row in compiler.results_iter([found])]

    def drawn(self) -> tuple[SQLCompiler, list[str], str, tuple[Any, ...]]:
        """Let Django draw it; two that do so at once draw the same."""
        query = self.draw(**self.stand_ins).query
        compiler = query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        lost = [name for name, stands in self.stand_ins.items() if stands not in params]
        if lost:
            raise ValueError(f"not in the query as they are: {', '.join(lost)}")
        self._drawn = compiler, list(query.selected or ()), sql, tuple(params)
        return self._drawn

    def fill(self, param: object, values: Mapping[str, object]) -> Any:
        """What is asked in a parameter's place."""
        return next((values[name] for name, stands in self.stand_ins.items() if param == stands), param)
