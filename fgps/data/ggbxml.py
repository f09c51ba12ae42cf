"""The XML of GeoGebra: read with limits and without document types or entities, and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_ELEMENTS: Final = 100_000
MAX_DEPTH: Final = 40


class Bad(Exception):
    """XML that is not read; the text says why."""


@dataclass(slots=True)
class Element:
    """An element: tag, attributes, children."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)

    def numbers(self, tag: str, names: tuple[str, ...]) -> tuple[float, ...]:
        """The attributes of the first child with this tag as numbers; 0 where there is none."""
        child = next((part for part in self.children if part.tag == tag), None)
        return tuple(_number(child.attributes.get(name, "")) if child else 0.0 for name in names)

    @property
    def inputs(self) -> list[str]:
        return self._row("input")

    @property
    def outputs(self) -> list[str]:
        return self._row("output")

    def _row(self, tag: str) -> list[str]:
        """The labels ``a0``, ``a1`` ... of a command's inputs or outputs."""
        found = []
        for part in self.children:
            if part.tag == tag:
                k = 0
                while f"a{k}" in part.attributes:
                    found.append(part.attributes[f"a{k}"])
                    k += 1
        return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def parse_xml(data: bytes) -> Element:
    """The root element.  Raises `Bad` for what is no XML, has a document type, is too deep or too large."""
    root = Element("", {})
    open_elements = [root]
    count = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MAX_ELEMENTS or len(open_elements) > MAX_DEPTH:
            raise Bad("the XML is too large or nested too deep")
        element = Element(tag, attributes)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(_tag: str) -> None:
        open_elements.pop()

    def refuse(*_: object) -> int:
        raise Bad("document types and entities are refused")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise Bad(f"the XML is damaged: {problem}") from problem
    except (ValueError, LookupError) as problem:  # an encoding that is not known
        raise Bad(f"the XML cannot be read: {problem}") from problem
    if len(root.children) != 1:
        raise Bad("the XML has no root")
    return root.children[0]
