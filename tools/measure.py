"""Measure the shape of ``src``: function and module lengths against the project's limits; exit 1 where one is passed.

Median function at most 8 lines, no function over 40, no module over 400; docstrings and blanks are included.
"""

import ast
import statistics
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
LONGEST_FUNCTION, MEDIAN_FUNCTION, LONGEST_MODULE = 40, 8, 400


def main() -> int:
    """Print what passes a limit; the exit code."""
    modules = {path: path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}
    functions = [found for path, text in modules.items() for found in functions_of(path, text)]
    faults = [f"{where}: {lines} lines" for lines, where in functions if lines > LONGEST_FUNCTION]
    faults += [
        f"{path.relative_to(SOURCE)}: {text.count(chr(10))} lines"
        for path, text in modules.items()
        if text.count("\n") > LONGEST_MODULE
    ]
    median = statistics.median(lines for lines, _ in functions)
    if median > MEDIAN_FUNCTION:
        faults.append(f"median function: {median} lines")
    for fault in faults:
        sys.stderr.write(f"too long: {fault}\n")
    return 1 if faults else 0


def functions_of(path: Path, text: str) -> list[tuple[int, str]]:
    """(lines, where) of every function in a module."""
    return [
        (length(node), f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


if __name__ == "__main__":
    sys.exit(main())
