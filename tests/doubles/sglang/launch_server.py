"""`python3 -m sglang.launch_server`: loads, binds, warms up, serves, drains, and fails as the real one does."""
import json
import os
import re
import signal
import sys
import threading
import time
import traceback
import urllib.request
import warnings

from . import behaviour as behaviours
from . import log, server_args, workers
from .ranks import Ranks, follow
from .engine import Engine
from .http_server import Server

STARTED = time.monotonic()
# Architectures that take images only when --enable-multimodal is given.
OPT_IN = re.compile(r"gemma-?3|llama-?4|step-?3|inkling", re.IGNORECASE)
# A user turn with the smallest PNG, as the warm-up of a vision model sends.
TINY_PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def main(arguments):
    warnings.warn("'python -m sglang.launch_server' is still supported, but 'sglang serve' is the recommended entrypoint.", stacklevel=1)
    args = server_args.parse(arguments)
    log.level = args.log_level
    behaviour = behaviours.of(args.model_path)
    log.info("server_args=ServerArgs(" + ", ".join(f"{name}={value!r}" for name, value in vars(args).items()) + ")")
    multimodal = _read_config(args, behaviour)
    children = _load(args, behaviour)
    if args.node_rank > 0:
        follow(args, behaviour, lambda: behaviours.is_first_time(behaviour))
    engine = Engine(args, behaviour, multimodal, Ranks(args), kill_scheduler=_die_by_sigquit if behaviour.daemons else lambda: children[0].kill())
    server = _bind(args, engine, children)
    stopping = threading.Event()
    # Until the first generate request Python's default applies: SIGTERM kills.
    threading.Thread(target=server.serve_forever, daemon=True).start()
    log.info(f"Uvicorn running on http://{args.host}:{args.port} (Press CTRL+C to quit)")
    threading.Thread(target=_watch, args=(children, stopping), daemon=True).start()
    threading.Thread(target=_warm_up, args=(engine, multimodal), daemon=True).start()
    _serve(engine, children, stopping)


def _read_config(args, behaviour):
    """Whether the model takes images; an unknown model ends the program here, before anything is spawned."""
    path = args.model_path
    if behaviour.missing or not os.path.isdir(path) and not re.fullmatch(r"[\w.-]+/[\w.-]+", path):
        raise OSError(f"{path} is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'")
    capable = behaviour.multimodal if behaviour.multimodal is not None else True
    if capable and args.enable_multimodal is None and OPT_IN.search(path):
        log.info(f"Multimodal is disabled for {os.path.basename(path)}. To enable it, set --enable-multimodal.")
        return False
    return capable


def _load(args, behaviour):
    try:
        if behaviour.loading == "scheduler-dies":
            raise workers.InitializationError("Rank 0 scheduler died during initialization (exit code: -9). If exit code is -9 (SIGKILL), a common cause is the OS OOM killer.")
        children = workers.start(args, behaviour)
        time.sleep(behaviour.load_seconds)
        while behaviour.loads_until and not os.path.exists(behaviour.loads_until):
            time.sleep(0.05)
        if behaviour.loading == "exception":
            raise RuntimeError("NCCL error: unhandled system error")
        if behaviour.loading == "out-of-memory":
            raise MemoryError("CUDA out of memory. Try to increase --mem-fraction-static.")
        if behaviour.loading == "out-of-memory-with-echo":
            log.write("Scheduler hit an exception: Traceback (most recent call last):\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 14.00 GiB.")
            raise workers.InitializationError("Initialization failed. Please see the error messages above.")
        while behaviour.loading == "hangs":
            time.sleep(60)
    except workers.InitializationError:
        raise
    except Exception:
        log.write(f"Scheduler hit an exception: {traceback.format_exc()}")
        _die_by_sigquit()
    log.info("Load weight end. type=FakeForConditionalGeneration, dtype=torch.bfloat16.")
    log.info("Capture cuda graph begin. This can take up to several minutes.")
    return children


def _bind(args, engine, children):
    try:
        return Server((args.host, args.port), engine)
    except OSError as error:
        log.write(f"ERROR:    [Errno {error.errno}] error while attempting to bind on address ('{args.host}', {args.port}): {(error.strerror or '').lower()}")
        workers.stop(children)
        sys.exit(1)


def _warm_up(engine, multimodal):
    args = engine.args
    if engine.behaviour.warmup == "hangs":
        return
    time.sleep(engine.behaviour.warmup_seconds)
    try:
        if engine.behaviour.warmup == "fails":
            raise RuntimeError("HTTP Error 502: Bad Gateway")
        if not args.skip_server_warmup:
            content = [{"type": "text", "text": "Describe the image."}, {"type": "image_url", "image_url": {"url": TINY_PNG}}] if multimodal else "The capital city of France is"
            body = {"model": args.served_model_name, "messages": [{"role": "user", "content": content}], "max_tokens": 8}
            headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {args.api_key}"} if args.api_key else {})
            # Like the real one through whatever proxy the environment names: hence NO_PROXY.
            with urllib.request.urlopen(urllib.request.Request(f"http://{args.host}:{args.port}/v1/chat/completions", json.dumps(body).encode(), headers), timeout=600):
                pass
    except Exception:
        log.write(f"Initialization failed. warmup error: {traceback.format_exc()}")
        os.kill(os.getpid(), signal.SIGKILL)
    engine.startup_seconds = time.monotonic() - STARTED
    engine.status = "Up"
    log.write("The server is fired up and ready to roll!")


def _watch(children, stopping):
    """A child that dies takes the server with it."""
    while not stopping.wait(0.1):
        if any(child.poll() for child in children):
            _die_by_sigquit()


def _die_by_sigquit():
    log.write("Received sigquit from a child process. It usually means the child failed.")
    os.kill(os.getpid(), signal.SIGKILL)


def _serve(engine, children, stopping):
    """Waits for SIGTERM, then for the requests in flight (and for those that still come)."""
    asked = []  # no Event: its lock may be held where the signal comes, and then nobody ever gets it
    handler_installed = False
    while not asked:
        time.sleep(0.02)
        if engine.generated and not handler_installed:
            ignores = engine.behaviour.ignores_sigterm
            signal.signal(signal.SIGTERM, signal.SIG_IGN if ignores else lambda *_: asked.append(True))
            handler_installed = True
    engine.status = "Stopping"
    log.write("SIGTERM received. Draining requests and shutting down...")
    drained = time.monotonic() + engine.behaviour.drain_seconds
    while engine.busy or time.monotonic() < drained:
        log.write(f"Gracefully exiting... Remaining number of requests {engine.busy}.")
        time.sleep(engine.behaviour.drain_poll_seconds)
    log.write("Drained.")
    stopping.set()
    workers.stop(children)
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
