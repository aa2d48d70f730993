"""All rules: every module of this package has one, named RULE."""

from __future__ import annotations

import importlib
import pkgutil

from engine.validation.rule import Rule


def _found() -> tuple[Rule, ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    rules = [importlib.import_module(f"{__name__}.{name}").RULE for name in names]
    return tuple(rule for rule in rules if isinstance(rule, Rule))


RULES: tuple[Rule, ...] = _found()
