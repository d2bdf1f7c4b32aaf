"""Writes the files that a document shows: `take.py DOCUMENT FOLDER [ENDING]…`

A file is a fenced block whose first line names it after its language. With endings, only files that end so are taken.
"""

import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^```[a-z]+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

document, folder, *endings = sys.argv[1:]
taken = [
    (name, text)
    for name, text in BLOCK.findall(Path(document).read_text(encoding="utf-8"))
    if not endings or name.endswith(tuple(endings))
]
if not taken:
    sys.exit(f"{document} shows no such file")
for name, text in taken:
    path = Path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
