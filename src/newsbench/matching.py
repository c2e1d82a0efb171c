"""One-to-one matching of two sides, exact and with whole numbers, so that it is the same on every machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence


def match(pairs: Iterable[tuple[int, int]], weight: Callable[[int, int], int]) -> list[tuple[int, int]]:
    """Return the one-to-one choice among `pairs` (row, column) with the largest total weight.

    `weight` gives whole numbers above 0 and is asked only for pairs that compete with others: a pair whose row and
    column stand in no other pair is simply taken. Among equally good choices the outcome depends on the order of rows
    and columns, not on the order in which the pairs are given.
    """
    pairs = list(pairs)
    rows, columns = [row for row, _ in pairs], [column for _, column in pairs]
    if len(set(rows)) == len(pairs) == len(set(columns)):
        return pairs
    of_row, of_column = Counter(rows), Counter(columns)
    chosen = [pair for pair in pairs if of_row[pair[0]] == 1 == of_column[pair[1]]]
    for rows, columns, edges in components(pair for pair in pairs if of_row[pair[0]] > 1 or of_column[pair[1]] > 1):
        table = [[weight(row, column) if (row, column) in edges else 0 for column in columns] for row in rows]
        chosen.extend((rows[i], columns[j]) for i, j in best_assignment(table))
    return chosen


def components(
    pairs: Iterable[tuple[int, int]],
) -> Iterable[tuple[list[int], list[int], set[tuple[int, int]]]]:
    """Give the connected parts of a two-sided graph: rows and columns, both ascending, and the pairs between them."""
    of_row: dict[int, list[int]] = {}
    of_column: dict[int, list[int]] = {}
    for row, column in pairs:
        of_row.setdefault(row, []).append(column)
        of_column.setdefault(column, []).append(row)
    seen: set[int] = set()
    for first, its_columns in of_row.items():
        if first in seen:
            continue
        if len(its_columns) == 1 and len(of_column[its_columns[0]]) == 1:
            yield [first], its_columns, {(first, its_columns[0])}
            continue
        rows, columns = {first}, set()
        waiting = [first]
        while waiting:
            for column in of_row[waiting.pop()]:
                if column in columns:
                    continue
                columns.add(column)
                fresh = [row for row in of_column[column] if row not in rows]
                rows.update(fresh)
                waiting.extend(fresh)
        seen |= rows
        yield sorted(rows), sorted(columns), {(row, column) for row in rows for column in of_row[row]}


def best_assignment(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return (row, column) pairs, each row and column at most once, with the largest sum of weights, in row order.

    ``weights[row][column]`` are whole numbers of 0 or more; pairs of weight 0 are not returned. Shortest augmenting
    paths with potentials (Kuhn 1955, Munkres 1957, Jonker & Volgenant 1987): O(n²·m) for the smaller side n.
    """
    if not weights or not weights[0]:
        return []
    if len(weights) == 1:
        best = max(weights[0])
        return [(0, weights[0].index(best))] if best > 0 else []
    if len(weights) > len(weights[0]):
        turned = best_assignment(list(zip(*weights, strict=True)))
        return sorted((row, column) for column, row in turned)
    row_of = _augment(weights)
    return sorted((row, column) for column, row in enumerate(row_of) if row >= 0 and weights[row][column] > 0)


def _augment(weights: Sequence[Sequence[int]]) -> list[int]:
    """Row of each column (-1 for none) of a largest assignment, rows not more than columns."""
    columns = len(weights[0])
    free = columns  # an extra column from which each search starts
    endless = sum(map(max, weights)) * 2 + 1
    row_potential = [0] * len(weights)
    column_potential = [0] * (columns + 1)
    row_of = [-1] * (columns + 1)
    for first in range(len(weights)):
        row_of[free] = first
        at = free
        slack = [endless] * columns
        came_from = [free] * columns
        open_columns, closed = list(range(columns)), [free]
        while row_of[at] >= 0:
            row = row_of[at]
            costs = weights[row]
            base = -row_potential[row]
            step, nearest = endless, -1
            for column in open_columns:
                reduced = base - costs[column] - column_potential[column]
                if reduced < slack[column]:
                    slack[column] = reduced
                    came_from[column] = at
                if slack[column] < step:
                    step, nearest = slack[column], column
            for column in open_columns:
                slack[column] -= step
            for column in closed:
                row_potential[row_of[column]] += step
                column_potential[column] -= step
            open_columns.remove(nearest)
            closed.append(nearest)
            at = nearest
        while at != free:
            row_of[at] = row_of[came_from[at]]
            at = came_from[at]
    return row_of[:columns]
