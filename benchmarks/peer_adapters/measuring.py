"""What every adapter of a peer does: repeat a call, and tell rate and figures as one line of JSON.

Adapters run under the interpreter of the peers, so that they import nothing of computecalc.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable


def tell(call: Callable[[int], object], figures: dict[str, float], *, seconds: float) -> None:
    """Repeat `call` for some processor seconds after one warm-up, and print what was measured."""
    call(0)
    count, start = 0, time.process_time()
    while (taken := time.process_time() - start) < seconds:
        count += 1
        call(count)
    print(json.dumps({"rate": count / taken, "figures": figures}))
