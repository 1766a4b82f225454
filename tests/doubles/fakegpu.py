"""The GPUs of the fakes: a state file that a test writes, and notes of who holds memory on them.

FAKE_GPU_STATE names the file. A process that takes memory leaves a note in the folder `<file>.held`; the note counts
until `release_seconds` after a look at the GPUs first finds the process dead, as a driver frees memory a moment later.
"""
import json
import os
import time


def state():
    """The test's description of the machine, or None when the machine has no GPUs at all."""
    path = os.environ.get("FAKE_GPU_STATE")
    if not path or not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        described = json.load(file)
    for index, gpu in enumerate(described.setdefault("gpus", [])):
        gpu.setdefault("uuid", f"GPU-00000000-0000-0000-0000-{index:012d}")
        gpu.setdefault("name", "NVIDIA H100 80GB HBM3")
        gpu.setdefault("total", 81559)
        gpu.setdefault("used", 0)
        gpu.setdefault("utilization", 0)
        gpu.setdefault("temperature", 40)
        gpu.setdefault("driver", "570.86.15")
        gpu.setdefault("compute_mode", "Default")
        gpu["index"] = index
    return described


def hang(note):
    """Never answers, as a tool whose driver hangs; the note says which process that is."""
    _write(note, os.getpid())
    while True:
        time.sleep(60)


def hold(uuid, mib):
    """Notes that this process holds memory on a GPU from now on."""
    os.makedirs(_folder(), exist_ok=True)
    _write(os.path.join(_folder(), f"{os.getpid()}.json"), {"uuid": uuid, "pid": os.getpid(), "used": mib, "born": _birth(os.getpid())})


def processes(described):
    """Who holds memory now: the test's own entries, and every process that took some."""
    found = list(described.get("processes", []))
    folder = _folder()
    names = os.listdir(folder) if os.path.isdir(folder) else []
    for name in sorted(name for name in names if name.endswith(".json")):
        path = os.path.join(folder, name)
        note = _read(path)
        if note is None:
            continue
        if _birth(note["pid"]) != note["born"]:
            died = note.setdefault("died", time.time())
            if time.time() - died >= described.get("release_seconds", 1.0):
                _remove(path)
                continue
            _write(path, note)
        found.append(note)
    return found


def used(gpu, described):
    """Memory in use on a GPU in MiB, or what the test wants to be read there (None, a text)."""
    own = gpu["used"]
    if not isinstance(own, (int, float)):
        return own
    return own + sum(process["used"] for process in processes(described) if process["uuid"] == gpu["uuid"] and isinstance(process["used"], (int, float)))


def _folder():
    return os.environ.get("FAKE_GPU_STATE", "") + ".held"


def _birth(pid):
    """When a process began, which tells it from a later one with its number; None when it is dead."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return None if fields[0] in "ZX" else fields[19]
    except OSError:
        return None


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def _write(path, note):
    partial = f"{path}.{os.getpid()}.partial"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(note, file)
    os.replace(partial, path)


def _remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass
