"""A child of the server: it holds a GPU's memory until it dies. Run as a program: scheduler.py TITLE UUID MIB PARENT BOND (child, orphan, daemon)."""
import ctypes
import os
import signal
import sys

sys.path[:0] = [os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import fakegpu  # noqa: E402


def main(title, uuid, mib, parent, bond):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(15, title.encode(), 0, 0, 0)  # PR_SET_NAME
    if bond == "daemon":
        os.setsid()
        if os.fork():
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if bond == "child":
        libc.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != int(parent):
            sys.exit(1)  # The parent died before the line above.
    if uuid:
        fakegpu.hold(uuid, int(mib))
    print("ready", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
