"""What the tests of `verify` begin with."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.e2e.host import MANIFEST, Ended, Host

SETTLED = 0.15  # seconds after which a file counts as not changed just now
NAMES = ("en.bin", "sub/fr.bin", "de.bin")


def pin(host: Host, *names: str, **rest: object) -> Host:
    """List models with the digests and sizes that they have now."""
    models = []
    for name in names:
        content = (host.store / name).read_bytes()
        models.append({"name": name, "sha256": sha256(content).hexdigest(), "size": len(content), **rest})
    host.lists(*models)
    return host


def verify(host: Host, *options: str, **ways: Any) -> Ended:  # noqa: ANN401 - as for Host.run
    return host.run("verify", MANIFEST, *options, **ways)


def verdicts(host: Host, *options: str, **ways: Any) -> dict[str, str]:  # noqa: ANN401 - as for Host.run
    return {each["name"]: each["verdict"] for each in verify(host, "--json", *options, **ways).document["models"]}


def reads_models(process: int, host: Host) -> bool:
    """Tell whether some of a model has been read: where it is only open, it may yet be looked at."""
    try:
        opened = [each for each in Path(f"/proc/{process}/fd").iterdir() if each.resolve().parent == host.store]
        return any("pos:\t0\n" not in Path(f"/proc/{process}/fdinfo/{each.name}").read_text() for each in opened)
    except OSError:
        return False
