"""How this stand-in behaves beyond what its command line says: speed, strength, and the ways in which it fails.

Later wins: the defaults, a mode (`fake/<mode>` as model path, or FAKE_SGLANG_MODE), the file `fake.json` in the model's
folder, FAKE_SGLANG (a JSON object).
"""
import dataclasses
import json
import os


@dataclasses.dataclass
class Behaviour:
    load_seconds: float = 0.3            # port refused for so long…
    loads_until: object = None           # …and until this file is there
    warmup_seconds: float = 0.3          # then 503 for so long
    health_seconds: float = 0.0          # what /health takes once up; about 1 s in the real one
    reply_seconds: float = 0.0           # what a completion takes
    waits_after: object = None           # completions wait once so many have been answered…
    waits_until: object = None           # …and until this file is there
    drain_poll_seconds: float = 0.1      # how often SIGTERM's watcher looks; 5 s in the real one
    context_length: int = 128000         # the model's own; --context-length overrides
    multimodal: object = None            # whether the architecture takes images; None: by the model's name
    # Answers.
    strength: float = 0.5                # share of questions answered with the key, where `keys` has one
    keys: object = None                  # a release's JSONL, or lines {"question": …, "answer": "C"}
    letter: object = None                # always this letter
    blind: bool = False                  # sees no colours: the vision check fails
    # Failures.
    missing: bool = False                # the model path does not exist
    loading: str = "ok"                  # "exception" (137), "scheduler-dies" (1), "out-of-memory" (137), "out-of-memory-with-echo" (1), "hangs"
    warmup: str = "ok"                   # "fails" (137), "hangs" (503 for ever)
    dies_after: object = None            # killed (137) when so many completions have been answered…
    hangs_after: object = None           # completions and health get no answer once so many have been answered
    hangs_on: object = None              # the same from the first completion on whose messages contain this text, at every start
    busy_health: bool = False            # /health is 503 while completions run, as under long prefills
    blind_health: bool = False           # /health is 200 whatever happens, as before mid-2025
    breaks_after: object = None          # completions get 500 (out of memory), health 200, once so many have been answered
    rank_dies_after: object = None       # a rank on another node exits (1) when so many completions have been answered
    once: object = None                  # either of them only if this file does not exist yet; it is made then
    ignores_sigterm: bool = False        # must be killed
    daemons: bool = False                # the schedulers are daemons in sessions of their own: nobody's children, and deaf to SIGTERM
    drain_seconds: float = 0.0           # what draining takes at least
    orphans: bool = False                # the schedulers outlive their parent


MODES = {
    "missing": {"missing": True},
    "crash-while-loading": {"loading": "exception"},
    "scheduler-dies-while-loading": {"loading": "scheduler-dies"},
    "out-of-memory": {"loading": "out-of-memory"},
    "hang-while-loading": {"loading": "hangs"},
    "warmup-fails": {"warmup": "fails"},
    "never-healthy": {"warmup": "hangs"},
    "crash-later": {"dies_after": 5},
    "hang": {"hangs_after": 5},
    "slow-health": {"health_seconds": 3.0},
    "blind": {"blind": True},
    "text-only": {"multimodal": False},
    "ignores-sigterm": {"ignores_sigterm": True},
    "orphans": {"orphans": True},
    "daemons": {"daemons": True},
    "drains": {"drain_seconds": 20.0},
    "out-of-memory-with-echo": {"loading": "out-of-memory-with-echo"},
}


def of(model_path):
    chosen = {}
    folder, _, name = model_path.rpartition("/")
    chosen.update(MODES.get(name, {}) if folder == "fake" else {})
    chosen.update(MODES[os.environ["FAKE_SGLANG_MODE"]] if "FAKE_SGLANG_MODE" in os.environ else {})
    file = os.path.join(model_path, "fake.json")
    if os.path.isfile(file):
        with open(file, encoding="utf-8") as stream:
            chosen.update(json.load(stream))
    chosen.update(json.loads(os.environ.get("FAKE_SGLANG", "{}")))
    return Behaviour(**chosen)


def is_first_time(behaviour):
    """Whether what happens once has not happened yet."""
    if behaviour.once:
        try:
            os.close(os.open(behaviour.once, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return False
    return True
