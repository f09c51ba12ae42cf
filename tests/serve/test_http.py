"""The HTTP interface: every route, every refusal."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from own_problems import ISOSCELES, ISOSCELES_STEPS, SIMILAR, SIMILAR_STEPS

from fgps.serve.app import Settings, create_app
from fgps.serve.pool import Limits
from fgps.serve.receipts import Receipts


def post(server: Any, path: str, document: object, **keywords: Any) -> httpx.Response:
    return httpx.post(server.url + path, json=document, timeout=60, **keywords)


def test_verify(server: Any) -> None:
    done = post(server, "/verify", {"problem": SIMILAR, "solution": [*SIMILAR_STEPS, "answer: 12"]})
    report = done.json()
    assert done.status_code == 200 and report["accepted"] and report["feedback"] == "The solution is right."
    wrong = post(server, "/verify", {"problem": SIMILAR, "solution": SIMILAR_STEPS[:2], "feedback": 2}).json()
    assert wrong["verdict"] == "incomplete" and wrong["suggestions"]
    sure = post(server, "/verify", {"problem": SIMILAR, "solution": SIMILAR_STEPS, "certify": True}).json()
    assert sure["checker"].startswith("valid")


def test_batch(server: Any) -> None:
    items = [
        {"id": "right", "problem": SIMILAR, "solution": SIMILAR_STEPS},
        {"id": "foreign", "problem": ISOSCELES, "solution": SIMILAR_STEPS},
        {"id": "no problem", "solution": SIMILAR_STEPS},
        7,
        {"problem": ISOSCELES, "solution": ISOSCELES_STEPS},
    ]
    results = post(server, "/verify/batch", {"items": items, "timeout": 4}).json()["results"]
    assert [r["id"] for r in results] == ["right", "foreign", "no problem", 3, 4]
    assert [r["status"] for r in results] == ["ok", "ok", "bad-request", "bad-request", "ok"]
    assert [r["report"]["accepted"] for r in results if r["status"] == "ok"] == [True, False, True]


def test_statements(server: Any) -> None:
    for path in ("/check-problem", "/formalization"):
        assert post(server, path, {"problem": ISOSCELES}).json()["verdict"] == "ok"
    wrong = post(server, "/check-problem", {"problem": ISOSCELES.replace("answer 40", "answer 4")}).json()
    assert wrong["verdict"] == "disagrees" and wrong["value"] == 40


def test_solve_and_check(server: Any) -> None:
    solved = post(server, "/solve", {"problem": ISOSCELES, "proof": True}).json()
    assert solved["status"] == "solved" and solved["answer"] == "40"
    checked = post(server, "/check", {"problem": ISOSCELES, "proof": solved["certificate"]}).json()
    assert checked["accepted"]
    forged = {**solved["certificate"], "steps": []}
    assert not post(server, "/check", {"problem": ISOSCELES, "proof": forged}).json()["accepted"]
    assert not post(server, "/check", {"problem": ISOSCELES, "proof": None}).json()["accepted"]


def test_steps(server: Any) -> None:
    first = post(server, "/apply", {"problem": ISOSCELES, "steps": [], "step": ISOSCELES_STEPS[0]}).json()
    assert first["accepted"] and not first["reached"]
    choice = [ISOSCELES_STEPS[1], "no_such_theorem(1,ABC)", ISOSCELES_STEPS[2]]
    tried = post(server, "/apply", {"problem": ISOSCELES, "steps": ISOSCELES_STEPS[:1], "try": choice}).json()
    assert [step["verdict"] for step in tried["tried"]] == ["ok", "unknown-theorem", "ok"]


def test_theorems(server: Any) -> None:
    found = httpx.get(f"{server.url}/theorem", params={"q": "angle sum of a triangle"}, timeout=30).json()
    assert "triangle_property_angle_sum" in [match["name"] for match in found["theorems"]]
    assert httpx.get(f"{server.url}/theorem", params={"q": ""}, timeout=30).status_code == 422
    assert httpx.get(f"{server.url}/theorem", params={"q": "x" * 9999}, timeout=30).status_code == 422


def test_health_metrics_and_documentation(server: Any) -> None:
    assert httpx.get(f"{server.url}/health", timeout=30).json()["workers"] == 2
    assert "fgps_requests_total" in httpx.get(f"{server.url}/metrics", timeout=30).text
    paths = httpx.get(f"{server.url}/openapi.json", timeout=30).json()["paths"]
    assert {"/verify", "/verify/batch", "/check-problem", "/theorem", "/health"} <= set(paths)
    assert "solution" in json.dumps(paths["/verify"]["post"]["requestBody"])


REFUSED = [
    (b"", 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b"[]", 422),
    (b"3", 422),
    (b"{}", 422),
    (b'{"problem": null}', 422),
    (b'{"problem": "/etc/passwd", "solution": ""}', 422),
    (b'{"problem": "x", "timeout": "soon"}', 422),
    (b'{"problem": "x", "timeout": 1' + b"0" * 400 + b"}", 422),
    (b'{"problem": "x", "timeout": NaN}', 422),
    (b'{"problem": ' + b"[" * 100_000 + b"}", 400),
    (b" " * 1_000_001, 413),
]


@pytest.mark.parametrize(("body", "status"), REFUSED, ids=range(len(REFUSED)))
def test_refusals(server: Any, body: bytes, status: int) -> None:
    done = httpx.post(f"{server.url}/verify", content=body, timeout=60)
    assert done.status_code == status, done.text
    assert done.json()["error"]["message"]


def test_a_long_body_without_a_length_is_cut_off(server: Any) -> None:
    def chunks() -> Any:
        for _ in range(2000):
            yield b" " * 1000

    assert httpx.post(f"{server.url}/verify", content=chunks(), timeout=60).status_code == 413


def test_tokens_and_queues() -> None:
    settings = Settings(Limits(workers=1, waiting=0, seconds=5), token="secret")
    with TestClient(create_app(settings)) as client:
        assert client.get("/health").status_code == 200
        assert client.post("/verify", json={}).status_code == 401
        assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
        headers = {"Authorization": "Bearer secret"}
        document = {"problem": SIMILAR, "solution": SIMILAR_STEPS}
        assert client.post("/verify", json=document, headers=headers).json()["accepted"]
        # One worker and no queue: of a batch's items only one at a time is handed in.
        batch = {"items": [document] * 3}
        done = client.post("/verify/batch", json=batch, headers=headers).json()
        assert [r["status"] for r in done["results"]] == ["ok"] * 3


def test_equal_requests_get_equal_bytes_and_no_work() -> None:
    document = {"problem": SIMILAR, "solution": SIMILAR_STEPS}
    wrong = {"problem": SIMILAR, "solution": SIMILAR_STEPS[1:], "searches": 0}
    with TestClient(create_app(Settings(Limits(workers=1, seconds=5)))) as client:
        answers = [client.post("/verify", json=d).content for d in (document, wrong, document, wrong)]
        assert answers[0] == answers[2] and answers[1] == answers[3] and answers[0] != answers[1]
        assert json.loads(answers[2])["accepted"] and not json.loads(answers[3])["accepted"]
        text = client.get("/metrics").text
        assert "fgps_receipts_used_total 2" in text and 'fgps_requests_total{status="ok"} 2' in text
        other = client.post("/verify", json={**document, "feedback": 0}).json()
        assert other["feedback"] == "The solution is right."
        assert 'fgps_requests_total{status="ok"} 3' in client.get("/metrics").text


def test_errors_are_not_kept() -> None:
    with TestClient(create_app(Settings(Limits(workers=1, seconds=5)))) as client:
        for _ in range(2):
            assert client.post("/verify", json={"problem": "nonsense"}).status_code == 422
        assert "fgps_receipts_used_total 0" in client.get("/metrics").text


def test_receipts_stay_within_their_limit() -> None:
    kept = Receipts(10_000)
    keys = [kept.key("verify", str(i).encode()) for i in range(100)]
    for key in keys:
        kept.put(key, b"x" * 700)
    assert len(kept) == 10 and kept.get(keys[0]) is None and kept.get(keys[-1]) == b"x" * 700
    kept.put(kept.key("verify", b"long"), b"x" * 5_000)
    assert len(kept) == 10
    none = Receipts(0)
    none.put(keys[0], b"x")
    assert len(none) == 0
