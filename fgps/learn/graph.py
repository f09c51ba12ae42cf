"""The state of a problem as a hypergraph: nodes, the edges of the figure, and what follows from what.

The numbering is stable: nodes, edges and hyperedges of a later state of the same problem begin with those of
the earlier one.  First the figure (points, lines, circles, regions), then the goal, then the facts in the
order in which they became known, each after the symbols and quantities that it is the first to speak of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fgps.engine.records import Entry
from fgps.engine.state import State
from fgps.lang.ast import Call, Points, Symbol, Term, calls, letters, symbols
from fgps.lang.printer import print_term
from fgps.learn.vocabulary import NODE_TYPES, ORIGINS, ROLES, RULES, Vocabulary
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantity
from fgps.theory.instantiate import spell

_TYPE = {name: i for i, name in enumerate(NODE_TYPES)}
_ORIGIN = {name: i for i, name in enumerate(ORIGINS)}
_ROLE = {name: i for i, name in enumerate(ROLES)}
_RULE = {name: i for i, name in enumerate(RULES)}


@dataclass
class Graph:
    """See the module.  Lists by position; ids of words and branches are those of the vocabulary.

    ``edges`` are ``(part, whole, role, position)``.  Hyperedge ``i`` has ``rule[i]``, the theorem branch
    ``branch[i]`` (-1 if none), nodes ``premises[i]`` and ``conclusions[i]``.
    """

    types: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    tokens: list[list[int]] = field(default_factory=list)
    edges: list[tuple[int, int, int, int]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    branches: list[int] = field(default_factory=list)
    premises: list[list[int]] = field(default_factory=list)
    conclusions: list[list[int]] = field(default_factory=list)


class GraphBuilder:
    """Builds the graph of one state and keeps up with it."""

    def __init__(self, state: State, vocabulary: Vocabulary) -> None:
        self.graph = Graph()
        self.vocabulary = vocabulary
        self._state = state
        self.points: dict[str, int] = {}
        self._circles: dict[str, int] = {}
        self._symbols: dict[str, int] = {}
        self._numbers: dict[str, int] = {}
        self._quantities: dict[Quantity, int] = {}
        self._nodes: list[int] = []
        self._hyperedges: dict[object, int] = {}
        self._figure(state.problem)
        self.goal = self._goal(state.problem)

    def update(self) -> Graph:
        """Take up what became known since the last call; the graph, which later calls extend."""
        entries = self._state.store.entries
        for entry in entries[len(self._nodes) :]:
            self._entry(entry)
        return self.graph

    def node(self, entry: int) -> int:
        """The node of an entry of the state."""
        return self._nodes[entry]

    def values(self) -> list[float | None]:
        """For every node the value of its quantity or symbol as far as the closures know it."""
        system, found = self._state.system, [None] * len(self.graph.types)
        values: list[float | None] = list(found)
        keys = [(quantity, node) for quantity, node in self._quantities.items()]
        named = [(("symbol", name), node) for name, node in self._symbols.items()]
        for key, node in (*keys, *named):
            variable = system.variables.get(key)
            value = None if variable is None else system.known(variable)
            if value is not None:
                values[node] = float(value)
        return values

    def tokens(self, term: Term) -> list[int]:
        """A term in ids of words."""
        for symbol in symbols(term):
            if symbol.name != "pi":
                self._numbers.setdefault(symbol.name, len(self._numbers))
        return self.vocabulary.tokens(term, self.points, self._numbers)

    # Nodes ----------------------------------------------------------------------------------

    def _figure(self, problem: Problem) -> None:
        figure = problem.construction
        # A circle is named by its centre, which need not be a point of the figure.
        names = dict.fromkeys((*figure.points, *figure.circles))
        for name in names:
            self.points[name] = len(self.points)
            self._add("point", "figure", "Point", Call("Point", (Points((name,)),)))
        on_lines = figure.collinear
        joined = {frozenset((a, b)) for row in on_lines for a in row for b in row}
        segments = [pair for pair in figure.lines if frozenset(pair) not in joined]
        for row in (*on_lines, *segments):
            head = "Collinear" if len(row) > 2 else "Line"
            node = self._add("line", "figure", head, Call(head, (Points(row),)))
            self._parts(row, node, "on line")
        for circle in figure.circles:
            node = self._add("circle", "figure", "Circle", Call("Circle", (Points((circle,)),)))
            self._circles[circle] = node
            self._edge(self.points[circle], node, "argument", 0)
        for circle, row in figure.cocircular:
            self._parts(row, self._circles[circle], "on circle")
        for cell in figure.regions:
            words = tuple(Points(side.spelling) for side in cell.sides)
            node = self._add("region", "figure", "Shape", Call("Shape", words))
            self._parts([side.start for side in cell.sides], node, "corner")
            for position, side in enumerate(cell.sides):
                if side.circle in self._circles:
                    self._edge(self._circles[side.circle], node, "arc", position)

    def _goal(self, problem: Problem) -> int:
        goal = problem.goal
        if goal is None:
            raise ValueError(f"{problem.name} asks for nothing")
        term = Call("Value", (goal.term,)) if goal.kind == "value" else goal.term
        assert isinstance(term, Call)
        self._mentioned(term)
        node = self._add("goal", "goal", term.head, term)
        self._spoken_of(term, node)
        return node

    def _entry(self, entry: Entry) -> None:
        origin = entry.origin
        self._mentioned(entry.statement)
        kind = "relation" if entry.fact is not None else "equation"
        source = "figure" if origin.kind in ("construction", "diagram") else origin.kind
        node = self._add(kind, source, entry.statement.head, entry.statement)
        self._nodes.append(node)
        self._spoken_of(entry.statement, node)
        if origin.kind in _RULE:
            # What one application gives, or the meaning of one fact, is one hyperedge.
            by = origin.application or (entry.id if origin.kind == "algebra" else origin.kind)
            self._conclude((by, origin.premises), entry, node)

    def _conclude(self, key: object, entry: Entry, node: int) -> None:
        """Put a fact to the conclusions of its hyperedge, a new one for the first."""
        graph, application = self.graph, entry.origin.application
        number = self._hyperedges.get(key)
        if number is None:
            number = self._hyperedges[key] = len(graph.rules)
            named = None if application is None else (application.theorem, application.branch)
            graph.rules.append(_RULE[entry.origin.kind])
            graph.branches.append(-1 if named is None else self.vocabulary.branch_ids.get(named, -1))
            graph.premises.append([self._nodes[premise] for premise in entry.origin.premises])
            graph.conclusions.append([])
        graph.conclusions[number].append(node)

    def _mentioned(self, statement: Term) -> None:
        """Nodes for symbols and quantities that nothing has spoken of yet."""
        for symbol in symbols(statement):
            if symbol.name != "pi" and symbol.name not in self._symbols:
                self._numbers.setdefault(symbol.name, len(self._numbers))
                number = self._numbers[symbol.name]
                self._symbols[symbol.name] = self._add("symbol", "figure", f"symbol:{number}", symbol)
        for call in calls(statement):
            quantity = self._quantity(call)
            if quantity is not None and quantity not in self._quantities:
                declared = self._state.theory.attributes[quantity.attribute]
                term = spell(declared, quantity.points)
                node = self._add("quantity", "figure", term.head, term)
                self._quantities[quantity] = node
                self._parts(quantity.points, node, "argument")

    def _spoken_of(self, statement: Call, node: int) -> None:
        """Edges from what a statement is about: points of a relation, terms of an equation."""
        if statement.head in self._state.theory.predicates:
            self._parts(letters(statement), node, "argument")
            return
        terms: dict[int, None] = {}
        for part in _leaves(statement):
            if isinstance(part, Symbol):
                if part.name != "pi":
                    terms[self._symbols[part.name]] = None
            elif part.head in self._state.theory.predicates:
                self._parts(letters(part), node, "argument")
            elif (quantity := self._quantity(part)) is not None:
                terms[self._quantities[quantity]] = None
        for position, term in enumerate(terms):
            self._edge(term, node, "term", position)

    def _quantity(self, call: Call) -> Quantity | None:
        if call.head not in self._state.theory.attributes:
            return None
        quantity = self._state.quantities.quantity(call.head, letters(call))
        return quantity if isinstance(quantity, Quantity) else None

    def _add(self, kind: str, origin: str, head: str, term: Term) -> int:
        graph = self.graph
        graph.types.append(_TYPE[kind])
        graph.origins.append(_ORIGIN[origin])
        graph.heads.append(self.vocabulary.id(head))
        graph.texts.append(print_term(term, "infix"))
        graph.tokens.append(self.tokens(term))
        return len(graph.types) - 1

    def _parts(self, points: Sequence[str], node: int, role: str) -> None:
        for position, point in enumerate(points):
            if point in self.points:
                self._edge(self.points[point], node, role, position)

    def _edge(self, part: int, whole: int, role: str, position: int) -> None:
        self.graph.edges.append((part, whole, _ROLE[role], position))


def _leaves(statement: Term) -> list[Call | Symbol]:
    """Symbols and calls on points inside a statement, in reading order."""
    if isinstance(statement, Symbol):
        return [statement]
    if not isinstance(statement, Call):
        return []
    if statement.args and all(isinstance(argument, Points) for argument in statement.args):
        return [statement]
    return [leaf for argument in statement.args for leaf in _leaves(argument)]
