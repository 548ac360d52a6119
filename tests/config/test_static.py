"""Collected files: what was written for us alone is left out, and nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

from config.static import UNUSED, Lean
from tests.journeys.production import collected, production  # noqa: F401

SOURCES = settings.BASE_DIR / "maps/static/maps"


def lean(folder, name):
    names = json.loads((folder / "staticfiles.json").read_text())["paths"]
    return (folder / names[name]).read_text()


def rules(css):
    return {re.sub(r"\s+", " ", rule).strip() for rule in re.findall(r"[^{};]+[{;]", re.sub(r"(?s)/\*.*?\*/", "", css))}


def test_style_sheets_hold_what_they_import(collected):  # noqa: F811
    for sheet, parts in {"base": ["tokens", "base"], "answer": ["ask", "question", "results"]}.items():
        sent = lean(collected, f"maps/css/{sheet}.css")
        assert "@import" not in sent
        assert "/*" not in sent
        for part in parts:
            written = rules((SOURCES / f"css/{part}.css").read_text())
            assert {rule for rule in written if "@import" not in rule} <= rules(sent)


def test_scripts_lose_whole_lines_of_comments_only(collected):  # noqa: F811
    written = (SOURCES / "js/suggest.js").read_text()
    sent = lean(collected, "maps/js/suggest.js")
    assert "// until" not in sent
    assert "forget(); // back" not in sent
    code = [line.strip() for line in written.splitlines() if not line.lstrip().startswith(("//", "import"))]
    assert sent.splitlines()[-len(code) :] == code


def test_scripts_hold_what_they_import_once(collected):  # noqa: F811
    sent = lean(collected, "maps/js/map.js")
    assert not re.search(r"^import \{", sent, re.MULTILINE)
    assert re.findall(r"^export .*", sent, re.MULTILINE) == ["export async function open(frame, words, note, light) {"]
    assert re.search(r'import\("\./backdrop\.[0-9a-f]{12}\.js"\)', sent), "what is loaded later"
    parts = [path.read_text() for path in (SOURCES / "js").glob("*.js") if in_it(path, sent)]
    named = re.findall(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", "\n".join(parts), re.MULTILINE)
    assert {"snapped", "marks", "withState", "unpack"} <= set(named)
    assert len(named) == len(set(named)), "told apart"


def in_it(path, sent):
    """Whether a module's first function or class is in what is sent."""
    found = re.search(r"^export ((?:async )?(?:function|class) \w+)", path.read_text(), re.MULTILINE)
    return found is not None and found[1] in sent


def test_files_are_kept_for_ever_and_are_what_they_say(production):  # noqa: F811
    script = json.loads((settings.STATIC_ROOT / "staticfiles.json").read_text())["paths"]["maps/js/page.js"]
    with urlopen(f"{production.url}/static/{script}") as response:
        assert response.headers["Content-Type"].startswith("text/javascript")
        assert "immutable" in response.headers["Cache-Control"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_leaflet_s_styles_lose_what_no_page_has_and_nothing_else(collected):  # noqa: F811
    package = Path(finders.find("leaflet/leaflet.css")).read_text()
    written, sent = selectors(package), selectors(lean(collected, "leaflet/leaflet.css"))
    dropped = written - sent
    assert (".leaflet-pane", "position: absolute; left: 0; top: 0;") in sent
    assert {selector for selector, _ in dropped if not UNUSED.search(selector)} == set()
    assert dropped


def selectors(css):
    """Every selector with each rule that it has."""
    plain = re.sub(r"(?s)/\*.*?\*/", "", css)
    return {
        (squeezed(selector), squeezed(re.sub(r"url\([^)]*\)", "url", body)))
        for rule, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain)
        for selector in rule.split(",")
    }


def squeezed(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('import { a as b } from "./other.js";\n', "import as"),
        ('import other from "./other.js";\n', "import as"),
        ('import {\n  a,\n} from "./other.js"; f();\n', "import as"),
        ("const a = 1;\nexport { a };\n", "export where"),
        ("export default 1;\n", "export where"),
        ('import { a } from "./other.js";\nconst b = 1;\n', "b named twice"),
        ("const text = `one\n  two`;\n", "template literal"),
    ],
)
def test_what_would_be_broken_is_refused_with_the_remedy(tmp_path, text, remedy):
    (tmp_path / "other.js").write_text("export const a = 1;\nconst b = 2;\n")
    (tmp_path / "main.js").write_text(text)
    with pytest.raises(ImproperlyConfigured, match=remedy):
        Lean(FileSystemStorage(tmp_path)).open("main.js")


def test_a_module_comes_after_what_it_imports(tmp_path):
    (tmp_path / "other.js").write_text("// Why.\nexport const a = 1;\n")
    (tmp_path / "main.js").write_text('import { a } from "./other.js";\n\nexport function f() {\n  return a;\n}\n')
    sent = Lean(FileSystemStorage(tmp_path)).open("main.js").read().decode()
    assert sent == "const a = 1;\n\nexport function f() {\nreturn a;\n}\n"
