"""What the OpenAPI page says about the requests.

The workers check what they get; these schemas are for the reader.
"""

from __future__ import annotations

from typing import Any, Final

_PROBLEM: Final = {
    "description": "FGL text, or an object in the released layout (construction_cdl, text_cdl, goal_cdl).",
    "oneOf": [{"type": "string"}, {"type": "object"}],
}
_SOLUTION: Final = {
    "description": "A text in any form, a list of steps, or an object with steps and answer.",
    "oneOf": [{"type": "string"}, {"type": "array"}, {"type": "object"}],
}
_TIMEOUT: Final = {"type": "number", "description": "Seconds; the server's own limit cannot be raised."}
_VERIFY: Final = {
    "problem": _PROBLEM,
    "solution": _SOLUTION,
    "feedback": {"type": "integer", "minimum": 0, "maximum": 2, "default": 2},
    "searches": {
        "type": "integer",
        "minimum": 0,
        "default": 12,
        "description": "How many hints may be sought.",
    },
    "certify": {"type": "boolean", "default": False, "description": "Ask the independent checker too."},
    "timeout": _TIMEOUT,
}
_EXAMPLE: Final = {
    "problem": "problem p:\n    construct Shape(AB,BC,CA)\n    given x + 1 = 3\n    find x\n",
    "solution": "answer: 2",
}


def _route(
    summary: str, properties: dict[str, Any], required: list[str], example: object = None
) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": properties, "required": required}
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    body = {"required": True, "content": {"application/json": content}}
    errors = {
        400: "not JSON",
        401: "no token",
        413: "too long",
        422: "bad request",
        429: "busy",
        504: "out of time",
        507: "out of memory",
    }
    responses = {status: {"description": text} for status, text in errors.items()}
    return {"summary": summary, "responses": responses, "openapi_extra": {"requestBody": body}}


_CHECK_PROBLEM: Final = _route(
    "Check the statement of a problem", {"problem": _PROBLEM, "timeout": _TIMEOUT}, ["problem"]
)

#: Path -> arguments of its route.
DOCUMENTED: Final[dict[str, dict[str, Any]]] = {
    "/verify": _route("Check a solution", _VERIFY, ["problem", "solution"], _EXAMPLE),
    "/verify/batch": _route(
        "Check many solutions; keys beside `items` hold for all of them",
        {**_VERIFY, "items": {"type": "array", "items": {"type": "object"}, "maxItems": 256}},
        ["items"],
    ),
    "/check-problem": _CHECK_PROBLEM,
    "/formalization": _CHECK_PROBLEM,
    "/solve": _route(
        "Solve a problem",
        {"problem": _PROBLEM, "proof": {"type": "boolean", "default": False}, "timeout": _TIMEOUT},
        ["problem"],
    ),
    "/check": _route(
        "Check a certificate by the independent checker",
        {"problem": _PROBLEM, "proof": {"type": "object"}},
        ["problem", "proof"],
    ),
    "/apply": _route(
        "One step after others, or several to choose from",
        {
            "problem": _PROBLEM,
            "steps": {"type": "array", "items": {"type": "string"}},
            "step": {"type": "string"},
            "try": {"type": "array", "items": {"type": "string"}},
        },
        ["problem"],
    ),
}
