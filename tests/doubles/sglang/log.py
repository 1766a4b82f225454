"""Lines on stderr as SGLang writes them."""
import sys
import threading
import time

_lock = threading.Lock()
level = "info"


def info(message, rank=""):
    if level in ("debug", "info"):
        write(message, rank)


def write(message, rank=""):
    with _lock:
        sys.stderr.write(f"[{time.strftime('%Y-%m-%d %H:%M:%S')}{rank}] {message}\n")
        sys.stderr.flush()
