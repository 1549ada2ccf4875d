"""The command line: one command a file, thin over the library.

Imported before any command, it says how often garbage is collected: importing and reading allocate much that lives to
the end, and an answer is short. What is left at the end goes as a whole, so that nobody looks through it once more.
"""

import atexit
import gc
import signal

__all__ = []

gc.set_threshold(1_000_000, 20, 20)
atexit.register(gc.freeze)
# The answer is out: an interruption while the interpreter takes itself down must not make a failure of it.
atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
