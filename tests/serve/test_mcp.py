"""The tools over the package's own client, in memory and over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
from own_problems import ISOSCELES, ISOSCELES_STEPS

mcp = pytest.importorskip("mcp", reason="the extra `serve` is not installed")


async def call(client: Any, name: str, **arguments: Any) -> Any:
    done = await client.call_tool(name, arguments)
    return done.structured_content if not done.is_error else f"error: {done.content[0].text}"


async def conversation(client: Any) -> None:
    names = {tool.name for tool in (await client.list_tools()).tools}
    assert names == {
        "check_formalization",
        "verify_solution",
        "apply_theorem",
        "search_theorems",
        "solve",
        "explain_step",
    }
    stated = await call(client, "check_formalization", problem=ISOSCELES)
    assert stated["verdict"] == "ok"
    found = await call(client, "search_theorems", query="angles of a triangle add up")
    assert "triangle_property_angle_sum" in str(found)
    session = ""
    for step in ISOSCELES_STEPS:
        arguments = {"session": session} if session else {"problem": ISOSCELES}
        taken = await call(client, "apply_theorem", step=step, **arguments)
        session = taken["session"]
        assert taken["accepted"], taken
    assert taken["reached"] and taken["steps"] == 4
    undone = await call(client, "apply_theorem", step="no_such_theorem(1,ABC)", session=session, undo=3)
    assert not undone["accepted"] and undone["steps"] == 1
    report = await call(client, "verify_solution", problem=ISOSCELES, solution="\n".join(ISOSCELES_STEPS))
    assert report["accepted"]
    step = await call(client, "explain_step", problem=ISOSCELES, solution=ISOSCELES_STEPS[1:], step=1)
    assert step["verdict"] == "premise-missing" and step["suggestions"]
    solved = await call(client, "solve", problem=ISOSCELES)
    assert solved["answer"] == "40"
    for wrong in (
        call(client, "verify_solution", problem="nonsense\n", solution=""),
        call(client, "apply_theorem", step="x = 1"),
        call(client, "apply_theorem", step="x = 1", session="gone"),
        call(client, "explain_step", problem=ISOSCELES, solution=[], step=3),
    ):
        message = await wrong
        assert isinstance(message, str) and message.startswith("error:") and len(message) < 400, message


def test_tools_over_stdio() -> None:
    from mcp import Client, StdioServerParameters, stdio_client

    async def run() -> None:
        parameters = StdioServerParameters(command=sys.executable, args=["-m", "fgps", "mcp"])
        async with Client(stdio_client(parameters)) as client:
            await conversation(client)

    asyncio.run(asyncio.wait_for(run(), 120))
