"""`python -m tests.supply.sbom FOLDER`: what everything is made of, as CycloneDX JSON, out of the lock files (``make sbom``).

One file for each lock, and one for what is not Python's: htmx in the console, and what the tests have instead of Twilio. Nothing is
asked of the network, and no time and no random number stands in them: the same locks make the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = REPOSITORY / ".tools" / "audit" / "bin"
LOCKS = {
    "web": "requirements.txt",
    "tests": "tests/requirements.txt",
    "nlu": "nlu/requirements.txt",
    "uv": "bot/launch/uv.txt",
    "tools": "tests/supply/tools.txt",
    "docs": "docs/site/requirements.txt",
}
SCRIPT_LOCKS = ("tests/carrier/package-lock.json", "tests/carrier/described/package-lock.json")
VENDORED = {"htmx.org": ("2.0.11", "bot/console/static/vendor/htmx-2.0.11.min.js", "0BSD")}


def python(lock: str, out: Path) -> None:
    """The file of a lock of Python's, by cyclonedx-bom."""
    command = [str(TOOLS / "cyclonedx-py"), "requirements", str(REPOSITORY / lock), "--of", "JSON", "--sv", "1.6"]
    command += ["--output-reproducible", "--pyproject", str(REPOSITORY / "pyproject.toml"), "-o", str(out)]
    subprocess.run(command, check=True)


def script() -> str:
    """The file of what comes from npm, spelt by hand: cyclonedx-bom reads only what is Python's."""
    components = []
    for name, (version, file, licence) in VENDORED.items():
        digest = hashlib.sha256((REPOSITORY / file).read_bytes()).hexdigest()
        components.append(_component(name, version, "SHA-256", digest) | {"licenses": [{"license": {"id": licence}}]})
    for lock in SCRIPT_LOCKS:
        packages = json.loads((REPOSITORY / lock).read_text("utf-8"))["packages"]
        for path, each in sorted(packages.items()):
            if path:
                digest = base64.b64decode(each["integrity"].removeprefix("sha512-")).hex()
                components.append(_component(path.rpartition("node_modules/")[2], each["version"], "SHA-512", digest))
    # One package may stand in several places.
    components = list({str(each["bom-ref"]): each for each in components}.values())
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components},
        indent=2,
        sort_keys=True,
    )


def _component(name: str, version: str, algorithm: str, digest: str) -> dict[str, object]:
    purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
    hashes = [{"alg": algorithm, "content": digest}]
    return {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl, "hashes": hashes}


def main(folder: Path) -> int:
    """Writes them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lock in LOCKS.items():
        python(lock, folder / f"{name}.cdx.json")
    (folder / "script.cdx.json").write_text(script() + "\n", "utf-8")
    for path in sorted(folder.glob("*.cdx.json")):
        print(f"{path}: {len(json.loads(path.read_text('utf-8'))['components'])} components")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
