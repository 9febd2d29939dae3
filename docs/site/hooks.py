"""What mkdocs does to our pages: brings in those from beside docs/, mends links between them, and lists as GitHub reads them.

Pages are written so that they read well in the repository. There a link may lead anywhere in it; here it leads to a page of the
site, and what is no page (code, a folder) stays as words.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

REPOSITORY = Path(__file__).resolve().parents[2]
BESIDE = {
    "README.md": "beside/readme.md",
    "SECURITY.md": "beside/security.md",
    "CONTRIBUTING.md": "beside/contributing.md",
    "CHANGELOG.md": "beside/changelog.md",
    "flows/README.md": "beside/flows.md",
    "nlu/README.md": "beside/nlu.md",
    "directory/README.md": "beside/directory.md",
}
"""Pages beside docs/, and where they stand in the site."""
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^()\s]+)\)")
CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"( *)([-*]|\d+\.) +(?=\S)")


def on_files(files: Files, config: Any) -> Files:
    """Adds the pages from beside docs/, and leaves pictures out that no page shows."""
    for path, uri in BESIDE.items():
        if (REPOSITORY / path).exists():
            files.append(File.generated(config, uri, content=(REPOSITORY / path).read_text("utf-8")))
    shown = {target for file in files.documentation_pages() for target in _targets(file)}
    for file in list(files):
        if re.search(r"\.(jpg|png|svg)$", file.src_uri) and not (file.src_uri in shown or file.src_uri.startswith("site-")):
            if not file.src_uri.startswith("assets/"):
                files.remove(file)
    return files


def _targets(file: File) -> set[str]:
    home = _home(file.src_uri)
    text = file.content_string
    # A picture may stand in a link, and the link may lead to another one.
    named = [match[3] for match in LINK.finditer(text)] + PICTURE.findall(text)
    return {_repository_path(home, link.partition("#")[0]).removeprefix("docs/") for link in named}


def _home(uri: str) -> str:
    """Where the page of this address in the site lies in the repository."""
    return {there: path for path, there in BESIDE.items()}.get(uri, f"docs/{uri}")


def _repository_path(home: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(home), link))


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """The page with links as the site needs them, and lists as this reader of Markdown needs them."""
    parts = CODE.split(markdown)
    # Every second part is code, where nothing is a link.
    parts[::2] = [_linked(part, page.file.src_uri, files) for part in parts[::2]]
    return _lists("".join(parts))


def _linked(text: str, uri: str, files: Files) -> str:
    def mended(match: re.Match[str]) -> str:
        picture, words, link = match.groups()
        path, mark, anchor = link.partition("#")
        if "://" in link or link.startswith("mailto:") or not path:
            return match[0]
        there = _repository_path(_home(uri), path)
        target = BESIDE.get(there, there.removeprefix("docs/") if there.startswith("docs/") else "")
        if target and files.get_file_from_path(target):
            return f"{picture}[{words}]({posixpath.relpath(target, posixpath.dirname(uri) or '.')}{mark}{anchor})"
        # What is there and no page stays as words; what is nowhere is left for mkdocs to complain of.
        return words if (REPOSITORY / there).exists() else match[0]

    return LINK.sub(mended, text)


def _lists(text: str) -> str:
    """What belongs to an item of a list is set in by four spaces a level, whatever its mark; a list begins after an empty line."""
    lines: list[str] = []
    open_items: list[int] = []
    fenced = False
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip():
            lines.append("")
            continue
        item = None if fenced else ITEM.match(line)
        while open_items and indent < open_items[-1] and not fenced:
            # A line that goes on without being set in belongs to the item still, unless a blank one stands before it.
            if not item and lines and lines[-1].strip() and not re.match(r" *(#|\||>|```)", line):
                break
            open_items.pop()
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if item and indent < (open_items[-1] if open_items else 0) + 4:
            if lines and lines[-1].strip() and not _in_list(lines[-1], open_items):
                lines.append("")
            lines.append(" " * 4 * len(open_items) + line.lstrip())
            open_items.append(item.end())
        elif open_items:
            lines.append(" " * (4 * len(open_items) + max(0, indent - open_items[-1])) + line.lstrip())
        else:
            lines.append(line)
    return "\n".join(lines)


def _in_list(before: str, open_items: list[int]) -> bool:
    return bool(ITEM.match(before)) or bool(open_items) or before.startswith("    ")


def on_post_page(output: str, page: Any, config: Any) -> str:
    """A page in Spanish says so to screen readers and browsers."""
    if page.file.src_uri.endswith(".es.md"):
        return output.replace('<html lang="en"', '<html lang="es"', 1)
    return output
