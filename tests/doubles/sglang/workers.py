"""The server's children: schedulers (one per GPU), the detokenizer, with dp the controller."""
import os
import subprocess
import sys

import fakegpu

from . import log


class InitializationError(RuntimeError):
    pass


def start(args, behaviour):
    """Starts the children and waits until each has its memory."""
    titles = list(_schedulers(args)) + [("sglang::detokenizer", None)]
    if args.dp_size > 1:
        titles.append(("sglang::data_parallel_controller", None))
    devices = _devices()
    children = []
    for title, gpu in titles:
        uuid, mib = _reserve(args, devices, gpu) if gpu is not None else ("", 0)
        child = subprocess.Popen(
            [title, "-S", os.path.join(os.path.dirname(__file__), "scheduler.py"), title, uuid, str(mib), str(os.getpid()), _bond(behaviour)],
            executable=sys.executable, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
            # The title stands where Python looks for itself, so it has to be told where its library is.
            env=os.environ | {"PYTHONHOME": sys.base_prefix, "PYTHONDONTWRITEBYTECODE": "1"})
        children.append(child)
    for child, (title, gpu) in zip(children, titles):
        if child.stdout.readline().strip() != b"ready":
            raise InitializationError(f"Rank {gpu} scheduler died during initialization (exit code: {child.wait()}). "
                                      "If exit code is -9 (SIGKILL), a common cause is the OS OOM killer.")
    return children


def _bond(behaviour):
    return "daemon" if behaviour.daemons else "orphan" if behaviour.orphans else "child"


def stop(children):
    for child in children:
        child.kill()
    for child in children:
        child.wait()


def _schedulers(args):
    """Title and GPU of each scheduler of this node."""
    share = args.tp_size * args.pp_size // args.nnodes
    everywhere = list(_all_schedulers(args))
    here = everywhere if args.nnodes == 1 else everywhere[args.node_rank * share:(args.node_rank + 1) * share]
    for i, title in enumerate(here):
        yield title, args.base_gpu_id + i


def _all_schedulers(args):
    for dp in range(args.dp_size):
        for pp in range(args.pp_size):
            for tp in range(args.tp_size):
                rank = (f"_DP{dp}" if args.dp_size > 1 else "") + (f"_PP{pp}" if args.pp_size > 1 else "") + (f"_TP{tp}" if args.tp_size > 1 else "")
                yield f"sglang::scheduler{rank}"


def _devices():
    """The GPUs that this process may see, in order, or None on a machine that none were described for."""
    machine = fakegpu.state()
    if machine is None:
        return None
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    gpus = machine["gpus"]
    if visible is not None:
        gpus = [gpu for name in visible.split(",") for gpu in gpus if name.strip() in (str(gpu["index"]), gpu["uuid"])]
    return machine, gpus


def _reserve(args, devices, index):
    """UUID and MiB that a scheduler takes: nine tenths of a GPU unless --mem-fraction-static says otherwise."""
    if devices is None or args.device == "cpu":
        return "", 0
    machine, gpus = devices
    if index >= len(gpus):
        raise MemoryError("CUDA error: invalid device ordinal")
    gpu = gpus[index]
    if not isinstance(gpu["total"], (int, float)):
        return gpu["uuid"], 0
    wanted = int(gpu["total"] * (args.mem_fraction_static or 0.9))
    taken = fakegpu.used(gpu, machine)
    free = gpu["total"] - (taken if isinstance(taken, (int, float)) else 0)
    log.info(f"Load weight begin. avail mem={free / 1024:.2f} GB", f" TP{index}" if args.tp_size > 1 else "")
    if wanted > free:
        raise MemoryError(f"CUDA out of memory. Tried to allocate {wanted / 1024:.2f} GiB. GPU {index} has a total capacity of {gpu['total'] / 1024:.2f} GiB of which {free / 1024:.2f} GiB is free.")
    return gpu["uuid"], wanted
