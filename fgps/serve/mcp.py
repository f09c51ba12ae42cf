"""The same functions as tools of the Model Context Protocol, on standard input and output.

Every call goes to a worker process with its limits; a session is the list of its steps and is held here.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fgps import __version__
from fgps.serve.pool import Busy, Limits, Pool

try:
    from mcp.server import MCPServer
except ImportError:  # the first major version called it so
    from mcp.server.fastmcp import FastMCP as MCPServer  # type: ignore[import-not-found, no-redef, attr-defined]

#: Sessions that are held at a time; the least recently used goes first.
MAX_SESSIONS: Final = 100

_INSTRUCTIONS: Final = (
    "Formal plane geometry. A problem is FGL text (problem NAME: construct .. given .. find ..) or an object "
    "in the formalgeo layout. Check a statement with check_formalization before you solve it; look theorems "
    "up with search_theorems; go step by step with apply_theorem; check a solution with verify_solution."
)


class ToolProblem(Exception):
    """What a tool could not do, in one line for the model that called it."""


class Tools:
    """The tools, over a pool."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._sessions: OrderedDict[str, tuple[Any, list[str]]] = OrderedDict()

    async def check_formalization(self, problem: str | dict[str, Any]) -> dict[str, Any]:
        """Check the statement of a problem: syntax, names, entities, a figure, the goal, the answer.

        Returns verdict (ok, unreadable, inconsistent, no-figure, undetermined, disagrees), the goal's value
        in the figure, diagnostics with hints, and the same in words under `feedback`.
        """
        return await self._ask("check-problem", {"problem": problem})

    async def verify_solution(
        self,
        problem: str | dict[str, Any],
        solution: str | list[Any] | dict[str, Any],
        feedback_level: int = 2,
    ) -> dict[str, Any]:
        """Check a solution step by step.

        The solution is text with one step a line (`theorem_name(branch,ABC,DEF)`, or `claim FACT by REASON`,
        and `answer: VALUE`), a list of steps, or an object. Returns accepted, score in [0, 1], a verdict for
        each step with what would mend it, and feedback in words (level 0 the verdict, 1 which steps and why,
        2 hints too).
        """
        data = {"problem": problem, "solution": solution, "feedback": feedback_level}
        return await self._ask("verify", data)

    async def apply_theorem(
        self, step: str, problem: str | dict[str, Any] | None = None, session: str = "", undo: int = 0
    ) -> dict[str, Any]:
        """Take one step in a session and keep it if it is right.

        Without `session` a new one is begun on `problem`; its name is returned. `undo` takes back so many
        steps first. Returns whether the step was accepted, its verdict with hints, what became known, and
        whether the goal is reached.
        """
        if not session:
            if problem is None:
                raise ToolProblem("name a session, or give a problem to begin one")
            session = secrets.token_hex(4)
            self._sessions[session] = (problem, [])
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        if session not in self._sessions:
            raise ToolProblem(f"there is no session {session[:40]}; begin one by giving a problem")
        self._sessions.move_to_end(session)
        stated, steps = self._sessions[session]
        if undo > 0:
            del steps[max(0, len(steps) - undo) :]
        result = await self._ask("apply", {"problem": stated, "steps": steps, "step": step})
        if result["accepted"]:
            steps.append(step)
        return {"session": session, "steps": len(steps), **result}

    async def search_theorems(self, query: str, limit: int = 5) -> dict[str, Any]:
        """Theorems by name or by what they say, with the signature to call them by."""
        return await self._ask("search", {"q": query, "limit": limit})

    async def solve(self, problem: str | dict[str, Any], timeout: float = 10.0) -> dict[str, Any]:
        """Solve a problem: status, exact answer, and the steps of the proof."""
        return await self._ask("solve", {"problem": problem}, timeout)

    async def explain_step(
        self, problem: str | dict[str, Any], solution: str | list[Any] | dict[str, Any], step: int
    ) -> dict[str, Any]:
        """Everything about one step of a solution (counted from 1): verdict, reason, values, hints."""
        report = await self._ask("verify", {"problem": problem, "solution": solution})
        if not 1 <= step <= len(report["steps"]):
            raise ToolProblem(f"the solution has {len(report['steps'])} steps; there is no step {step}")
        return report["steps"][step - 1]

    async def _ask(self, task: str, data: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        try:
            reply = await self._pool.ask(task, data, seconds)
        except Busy:
            raise ToolProblem("too many requests are waiting; try again") from None
        if reply["status"] != "ok":
            hints = [d["hint"] for d in reply.get("details", []) if d.get("hint")]
            message = f"{reply['status']}: {reply['message']}" + (f" ({hints[0]})" if hints else "")
            raise ToolProblem(message)
        return reply["result"]


def create_server(limits: Limits | None = None) -> MCPServer:
    """The server; its workers live as long as its lifespan."""
    pool = Pool(limits or Limits(workers=1, seconds=30.0))

    @asynccontextmanager
    async def lifespan(server: MCPServer) -> AsyncIterator[None]:
        await pool.open()
        try:
            yield
        finally:
            await pool.close()

    server = MCPServer("fgps", instructions=_INSTRUCTIONS, version=__version__, lifespan=lifespan)
    tools = Tools(pool)
    for function in (
        tools.check_formalization,
        tools.verify_solution,
        tools.apply_theorem,
        tools.search_theorems,
        tools.solve,
        tools.explain_step,
    ):
        server.tool()(function)
    return server
