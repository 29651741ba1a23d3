"""Formulas over named numbers: plus, minus, times, divided by, brackets. Nothing else can be said in one."""

import ast
from collections.abc import Callable, Mapping
from operator import add, mul, sub

_TWO: Mapping[type[ast.operator], Callable[[float, float], float]] = {ast.Add: add, ast.Sub: sub, ast.Mult: mul}


def value_of(formula: str, numbers: Mapping[str, float | None]) -> float | None:
    """The value of a formula; None where a number is absent or something is divided by zero.

    Raises ValueError for what is no formula, KeyError for an unknown name.
    """
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"not a formula: {formula}") from error
    return _value(tree, numbers)


def _value(node: ast.expr, numbers: Mapping[str, float | None]) -> float | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        found = numbers[node.id]
        return None if found is None else float(found)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand, numbers)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp):
        return _pair(node, _value(node.left, numbers), _value(node.right, numbers))
    raise ValueError(f"not a formula: {ast.dump(node)}")


def _pair(node: ast.BinOp, left: float | None, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Div):
        return None if right == 0 else left / right
    if type(node.op) not in _TWO:
        raise ValueError(f"not a formula: {ast.dump(node)}")
    return _TWO[type(node.op)](left, right)
