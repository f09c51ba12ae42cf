"""The columns of the exported tables, each with its type and meaning; `docs/learning.md` lists them too.

Types are written as in Arrow: ``list<int32>``.  A change of a column's type or meaning, or a column that
goes, raises `VERSION`; a new column does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

VERSION: Final = 1


class Column(NamedTuple):
    """A column: its name, its Arrow type, what it holds."""

    name: str
    type: str
    about: str


EXAMPLES: Final = (
    Column("problem", "string", "id of the problem in its data set"),
    Column("digest", "string", "the problem up to renaming (hex); the split goes by it"),
    Column("step", "int32", "position of the step in the proof, from 0"),
    Column("steps_left", "int32", "steps to the goal, this one included; 1 at the last"),
    Column("goal_node", "int32", "node of the goal"),
    Column("node_type", "list<uint8>", "`node_types` of the vocabulary"),
    Column("node_origin", "list<uint8>", "how it became known: `origins` of the vocabulary"),
    Column("node_head", "list<uint16>", "word of the predicate, attribute or sign at its head"),
    Column("node_value", "list<double>", "value of a quantity or symbol where it is known by now, else null"),
    Column("node_text", "list<string>", "the statement or term, infix"),
    Column("node_tokens", "list<list<uint16>>", "the same as words in prefix order, `<end>` after each call"),
    Column("edge_part", "list<int32>", "edges of the figure and the statements: the node that is a part"),
    Column("edge_whole", "list<int32>", "the node that it is a part of"),
    Column("edge_role", "list<uint8>", "`roles` of the vocabulary"),
    Column("edge_position", "list<uint16>", "which part it is, from 0, within the role"),
    Column("hyper_rule", "list<uint8>", "hyperedges, premises to conclusions: `rules` of the vocabulary"),
    Column("hyper_branch", "list<int16>", "theorem branch of the hyperedge, -1 if it is no theorem"),
    Column("hyper_premises", "list<list<int32>>", "nodes that it leads from"),
    Column("hyper_conclusions", "list<list<int32>>", "nodes that it leads to"),
    Column("candidate_branch", "list<uint16>", "applicable theorem instances: `branches` of the vocabulary"),
    Column("candidate_points", "list<list<int32>>", "nodes of the points of its parameters, in their order"),
    Column("candidate_premises", "list<list<int32>>", "nodes of its premises, in the order of the theorem"),
    Column("candidate_tokens", "list<list<uint16>>", "what it would give that is new, as words"),
    Column("candidates_total", "int32", "how many there were before the cap"),
    Column("target", "int32", "the candidate that the proof uses"),
    Column("useful", "list<int32>", "candidates that the rest of the proof uses, the target among them"),
    Column("hard", "bool", "the target's premises needed more than the closures of the algebra"),
)

PROBLEMS: Final = (
    Column("problem", "string", "id of the problem in its data set"),
    Column("digest", "string", "the problem up to renaming (hex), null if it cannot be read"),
    Column("construction", "string", "its construction up to renaming (hex), null if it cannot be read"),
    Column("split", "string", "train, val or test; null if it gave no examples"),
    Column("status", "string", "solved, or why there are no examples"),
    Column("message", "string", "the same in words"),
    Column("level", "int32", "annotated level, where there is one"),
    Column("examples", "int32", "rows that it gave; 0 for a goal that follows without a theorem"),
    Column("answer", "string", "exact value of the goal as derived, null for goals to be proved"),
)


def arrow_schema(columns: tuple[Column, ...], metadata: dict[str, str]) -> pa.Schema:
    """The columns as an Arrow schema; what they hold is kept with each field."""
    import pyarrow as pa

    fields = [pa.field(c.name, arrow_type(c.type), metadata={"about": c.about}) for c in columns]
    return pa.schema(fields, metadata=metadata)


def arrow_type(text: str) -> pa.DataType:
    """``list<uint8>`` and the like as an Arrow type."""
    import pyarrow as pa

    if text.startswith("list<"):
        return pa.list_(arrow_type(text[5:-1]))
    plain: pa.DataType = pa.type_for_alias(text)
    return plain
