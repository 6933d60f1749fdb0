"""What the documentation names is there: files, folders, modules, tests, and the pages it links to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PLACES = (ROOT, ROOT / "gatekeeper", ROOT / "bitrix24_sandbox", ROOT / "docs")
PATH = re.compile(
    r"`(\w[\w.-]*(?:/[\w.-]+)*/(?:[\w-]+\.(?:py|toml|tsv|md|conf|yaml|json))?|\w[\w.-]*(?:/[\w.-]+)+\.py)`"
)
MODULE = re.compile(r"`((?:gatekeeper|bitrix24_sandbox|tests)(?:\.[a-z_]\w*)+)")
TEST = re.compile(r"`(test_\w+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
TEST_FILES = {file.stem for file in (ROOT / "tests").rglob("test_*.py")}
TEST_NAMES = {
    name
    for file in (ROOT / "tests").rglob("test_*.py")
    for name in re.findall(r"def (test_\w+)", file.read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = {path for path in PATH.findall(text) if not any((place / path).exists() for place in PLACES)}
    missing |= {module for module in MODULE.findall(text) if not _is_module(module)}
    missing |= {name for name in TEST.findall(text) if name not in TEST_FILES | TEST_NAMES}
    missing |= {link for link in LINK.findall(text) if not (page.parent / link).exists()}
    assert missing == set()


def test_each_fault_that_operations_tells_of_names_tests_that_prove_it() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = text.partition("| fault | what an admin sees |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) > 15
    for fault, *_, proofs in rows:
        named = TEST.findall(proofs)
        assert named, fault
        assert set(named) <= TEST_NAMES, fault


def _is_module(name: str) -> bool:
    """A module, a package, or something in one."""
    whole, holder = ROOT / Path(*name.split(".")), ROOT / Path(*name.split(".")[:-1])
    return any(path.exists() for path in (whole, whole.with_suffix(".py"), holder.with_suffix(".py"), holder))
