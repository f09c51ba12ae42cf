"""GeoGebra files: figures read and written; damaged and hostile archives."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fgps import api
from fgps.cli.main import app
from fgps.data.geogebra import MAX_XML, pack, read_ggb
from fgps.data.ggbwrite import to_ggb
from fgps.data.sources import open_dataset, read_fgl_text, read_source
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.theory.load import load_theory
from fgps.theory.model import Theory


@pytest.fixture(scope="module")
def theory() -> Theory:
    loaded = load_theory("basic").theory
    assert loaded is not None
    return loaded


def point(label: str, x: float, y: float) -> str:
    return f'<element type="point" label="{label}"><coords x="{x}" y="{y}" z="1.0"/></element>'


def command(name: str, inputs: str, outputs: str) -> str:
    rows = [" ".join(f'a{k}="{part}"' for k, part in enumerate(row.split())) for row in (inputs, outputs)]
    return f'<command name="{name}"><input {rows[0]}/><output {rows[1]}/></command>'


def text(words: str) -> str:
    return f'<expression label="t{abs(hash(words))}" exp="&quot;{words}&quot;"/>'


def document(*parts: str) -> str:
    return f"<geogebra><construction>{''.join(parts)}</construction></geogebra>"


def write(path: Path, xml: str) -> Path:
    path.write_bytes(pack(xml))
    return path


TRIANGLE = (
    point("A", 0, 0),
    point("B", 4, 0),
    point("C_1", 1, 3),
    command("Polygon", "A B C_1", "t c a b"),
    command("Midpoint", "A B", "M"),
    point("M", 2, 0),
    command("Segment", "C_1 M", "f"),
    command("OrthogonalLine", "C_1 c", "h"),
    '<element type="line" label="h"><coords x="1" y="0" z="-1"/></element>',
    command("Intersect", "h c", "D"),
    point("D", 1, 0),
    command("Circle", "M A", "k"),
    '<element type="conic" label="k"><matrix A0="1" A1="1" A2="0" A3="0" A4="-2" A5="0"/></element>',
)


def test_points_lines_circles_and_commands(tmp_path: Path) -> None:
    read = read_ggb(write(tmp_path / "t.ggb", document(*TRIANGLE, text("find LengthOfLine(AM)"))))
    assert read.declaration is not None, read.diagnostics
    construct = {print_term(statement) for statement in read.declaration.construct}
    assert {"Collinear(ADMB)", "Cocircular(M,BA)"} <= construct or {
        "Collinear(ADMB)",
        "Cocircular(M,AB)",
    } <= construct
    cells = [statement for statement in construct if statement.startswith("Shape") and "C1D" in statement]
    assert cells
    given = {print_term(fact) for fact in read.declaration.given}
    assert "IsMidpointOfLine(M,AB)" in given and "IsCentreOfCircle(M,M)" in given
    assert any(fact.startswith("PerpendicularBetweenLine(") for fact in given)
    assert "C1 1 3" in dict(read.declaration.meta)["coordinates"]


def test_givens_and_goal_come_from_texts(tmp_path: Path, theory: Theory) -> None:
    xml = document(
        *TRIANGLE, text("given LengthOfLine(AB) = 10"), text("find LengthOfLine(AM)"), text("a remark")
    )
    read = read_source(str(write(tmp_path / "t.ggb", xml)))
    assert read.declaration is not None
    problem = build_problem(read.declaration, theory, strict=False)
    assert api.solve(problem).answer == "5"


def test_without_a_goal_there_is_no_problem(tmp_path: Path) -> None:
    read = read_ggb(write(tmp_path / "t.ggb", document(*TRIANGLE)))
    assert read.declaration is None and "asks for nothing" in read.diagnostics[-1].headline


PROBLEM = """problem p:
    text en "A \\"tangent\\"."
    construct Shape(OA,AP,PO), Shape(AP,PO,OAQ) , Shape(OQ,QP), Collinear(OQP), Cocircular(O,AQ)
    given IsCentreOfCircle(O,O), IsTangentOfCircle(PA,O), LengthOfLine(OA) = 5, LengthOfLine(PA) = 12
    find LengthOfLine(PO)
    answer 13
"""


def test_write_and_read(tmp_path: Path, theory: Theory) -> None:
    declaration = read_fgl_text(PROBLEM.replace("Shape(AP,PO,OAQ) , ", "")).declaration
    assert declaration is not None
    data = to_ggb(declaration, theory)
    assert isinstance(data, bytes) and data == to_ggb(declaration, theory)
    path = tmp_path / "p.ggb"
    path.write_bytes(data)
    again = read_ggb(path).declaration
    assert again is not None
    assert (again.construct, again.find, again.answer) == (
        declaration.construct,
        declaration.find,
        declaration.answer,
    )
    assert set(declaration.given) <= set(again.given) and again.texts == declaration.texts
    assert api.solve(build_problem(again, theory, strict=False)).answer == "13"
    assert open_dataset(tmp_path).ids == ("p",)


def test_an_edited_drawing_wins_over_the_text(tmp_path: Path) -> None:
    parts = [*TRIANGLE, text("construct Shape(AB)"), text("find LengthOfLine(AM)")]
    read = read_ggb(write(tmp_path / "t.ggb", document(*parts)))
    assert read.declaration is not None
    assert len(read.declaration.construct) > 3


def test_convert(tmp_path: Path) -> None:
    (tmp_path / "p.fgl").write_text(PROBLEM.replace("Shape(AP,PO,OAQ) , ", ""), encoding="utf-8")
    for target in ("one.ggb", "folder/"):
        words = ["convert", str(tmp_path / "p.fgl"), "-o", f"{tmp_path}/{target}", "--to", "ggb"]
        assert CliRunner().invoke(app, words).exit_code == 0
    assert read_source(str(tmp_path / "one.ggb")).declaration is not None
    assert read_source(str(tmp_path / "folder" / "p.ggb")).declaration is not None


def raw_archive(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return stream.getvalue()


BILLION = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><geogebra title="&b;"/>'
EXTERNAL = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><geogebra>&a;</geogebra>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no GeoGebra file"),
        (b"PK\x03\x04junk", "no GeoGebra file"),
        (raw_archive(other_txt=b"x"), "no geogebra.xml"),
        (raw_archive(geogebra_xml=b"0" * (MAX_XML + 10)), "unpacks to more"),
        (raw_archive(geogebra_xml=BILLION), "refused"),
        (raw_archive(geogebra_xml=EXTERNAL), "refused"),
        (raw_archive(geogebra_xml=b"<geogebra>"), "damaged"),
        (raw_archive(geogebra_xml=b"<a/>"), "no construction"),
        (raw_archive(geogebra_xml=b"<a>" * 1000), "too deep"),
        (raw_archive(geogebra_xml=b"<geogebra>" + b"<a/>" * 200_000 + b"</geogebra>"), "too large"),
        (raw_archive(geogebra_xml=b'<?xml version="1.0" encoding="nonsense"?><a/>'), "XML"),
    ],
)
def test_hostile_archives_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.ggb"
    path.write_bytes(content)
    read = read_source(str(path))
    assert read.declaration is None and words in read.diagnostics[0].headline


def test_damaged_archives_and_odd_values_never_raise(tmp_path: Path) -> None:
    whole = pack(document(*TRIANGLE, text("find LengthOfLine(AM)")))
    rng = random.Random(1)
    path = tmp_path / "x.ggb"
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(bytes(data))
        read_ggb(path)
    xml = document(*TRIANGLE, text("find x"))
    for old in ('"0"', '"1.0"', '"A"', '"c"', '"M"', '"line"'):
        for new in ('""', '"nan"', '"1e999"', '"-1e308"', '"B"', '"Z"'):
            read_ggb(write(path, xml.replace(old, new)))
    read_ggb(
        write(path, document(text("find x\n&#10;theorem f(A):"), text("find )("), text("given " + "(" * 900)))
    )
