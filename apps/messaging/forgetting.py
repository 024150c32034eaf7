"""What the file that stands for the SMS gateway on trial forgets of a person (SEC-02)."""

import fcntl
import os
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from django.conf import settings


def forget(references: Collection[UUID]) -> int:
    """Number and text go out of the lines with these references; how many lines.

    Each line keeps its length, so whoever is appending at the same time is not disturbed, and
    its reference, by which it is known that it went out. Twice changes nothing.
    """
    path, wanted = Path(settings.SMS_FILE), {str(reference) for reference in references}
    if not wanted or not path.exists():
        return 0
    done = 0
    with path.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        at = 0
        for line in file.readlines():
            reference = line[len('{"reference": "') :][:36].decode(errors="replace")
            if reference in wanted and line.endswith(b"}\n"):
                head = f'{{"reference": "{reference}", "to": "", "text": ""'.encode()
                file.seek(at)
                file.write(head + b" " * (len(line) - len(head) - 2) + b"}\n")
                done += 1
            at += len(line)
        file.flush()
        os.fsync(file.fileno())
    return done
