"""Is every text of the house there in Chinese? ``python -m tests.messages`` (a part of make lint).

A text is missing when the code has it and the catalogue does not, when it has no Chinese, or
when its Chinese was guessed (fuzzy) or lost one of its placeholders.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def faults() -> list[str]:
    """One line for each text that is not right."""
    known = polib.pofile(str(ROOT / CATALOGUE))
    found = [fault for entry in known if not entry.obsolete for fault in _faults_of(entry)]
    if shutil.which("xgettext"):
        have = {(entry.msgctxt, entry.msgid) for entry in known if not entry.obsolete}
        found += [
            f"{_place(entry)}: not in the catalogue: {entry.msgid!r}"
            for entry in _in_the_code()
            if (entry.msgctxt, entry.msgid) not in have
        ]
    return found


def _faults_of(entry: polib.POEntry) -> list[str]:
    chinese = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(chinese) or not chinese:
        return [f"{_place(entry)}: without Chinese: {entry.msgid!r}"]
    if entry.fuzzy:
        return [f"{_place(entry)}: fuzzy: {entry.msgid!r}"]
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    if any(set(PLACEHOLDER.findall(text)) != wanted for text in chinese):
        return [f"{_place(entry)}: placeholders differ: {entry.msgid!r}"]
    return []


def _place(entry: polib.POEntry) -> str:
    return ":".join(entry.occurrences[0]) if entry.occurrences else str(CATALOGUE)


def _in_the_code() -> polib.POFile:
    """The catalogue as makemessages would write it now, made in a folder aside."""
    with tempfile.TemporaryDirectory() as aside:
        for folder in ("apps", "dms_ssi", "templates", "locale"):
            shutil.copytree(
                ROOT / folder, Path(aside, folder), ignore=shutil.ignore_patterns("__pycache__")
            )
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", "zh_Hans", "--no-obsolete"],
            cwd=aside,
            check=True,
            capture_output=True,
        )
        return polib.pofile(str(Path(aside, CATALOGUE)))


if __name__ == "__main__":
    if wrong := faults():
        print("\n".join(wrong))
        sys.exit(f"{len(wrong)} texts are not right in Chinese.")
    if not shutil.which("xgettext"):
        print("Not checked: texts missing from the catalogue (gettext is not installed).")
