"""What stands behind the HTTP server: admission, the model, and the planned accidents."""
import contextlib
import json
import os
import threading
import time

from . import chat
from .behaviour import is_first_time
from .metrics import Metrics
from .model import Model


class Engine:
    def __init__(self, args, behaviour, multimodal, ranks, kill_scheduler):
        self.args, self.behaviour, self.multimodal = args, behaviour, multimodal
        self.context_length = args.context_length or behaviour.context_length
        self.status = "Starting"  # then Up, at last Stopping
        self.generated = False  # a first generate request has been seen: SIGTERM drains from then on
        self.cache = chat.PrefixCache(args.dp_size)
        self.metrics = Metrics(args.served_model_name)
        self.running = self.queued = self._answered = 0
        self.startup_seconds = 0.0
        self._model = Model(behaviour)
        self._ranks = ranks
        self._kill_scheduler = kill_scheduler
        self._changed = threading.Condition()
        self._hung = False
        self._broken = False

    @property
    def busy(self):
        return self.running + self.queued

    @contextlib.contextmanager
    def completion(self, request, rank):
        """The body of a chat completion; the request is in flight until the with block that sends it ends."""
        started = time.monotonic()
        rank = request.get("routed_dp_rank", rank) if isinstance(request, dict) else rank
        messages, pictures = chat.validate(request, self.multimodal, self.args.dp_size, rank)
        prompt_tokens = chat.count_tokens(messages)
        limit = chat.check_length(prompt_tokens, request, self.context_length)
        self._admit()
        try:
            self._accidents(messages)
            self._ranks.take_part()
            time.sleep(self.behaviour.reply_seconds)
            cached = 0 if self.args.disable_radix_cache else self.cache.cached_tokens(messages, rank)
            body = chat.completion(request, self._model.reply(messages, pictures), limit, prompt_tokens, cached, self.args.enable_cache_report)
            self.metrics.completed(prompt_tokens, cached, body["usage"]["completion_tokens"], time.monotonic() - started)
            yield body, cached
        finally:
            with self._changed:
                self.running -= 1
                self._changed.notify()

    def health(self):
        """200 or 503, after as long as a look takes."""
        if self.status == "Up" and self.behaviour.blind_health:
            return 200
        if self.status == "Up" and self.behaviour.busy_health and self.running:
            return 503
        if self.status == "Up" and self._hung:
            time.sleep(float(os.environ.get("SGLANG_HEALTH_CHECK_TIMEOUT", "20")))
            return 503
        if self.status == "Up":
            time.sleep(self.behaviour.health_seconds)
        return 200 if self.status == "Up" else 503

    def _admit(self):
        most = self.args.max_running_requests or 1024
        with self._changed:
            if self.running >= most and self.args.max_queued_requests is not None and self.queued >= self.args.max_queued_requests:
                self.metrics.aborted()
                raise chat.ApiError(503, "ServiceUnavailable", "The request queue is full.")
            self.queued += 1
            self._changed.wait_for(lambda: self.running < most)
            self.queued -= 1
            self.running += 1

    def _accidents(self, messages):
        if self.status == "Starting":
            return  # The warm-up counts for nothing.
        with self._changed:
            ends = self._answered == self.behaviour.dies_after and is_first_time(self.behaviour)
            if self._answered == self.behaviour.hangs_after and is_first_time(self.behaviour):
                self._hung = True
            if self.behaviour.hangs_on and self.behaviour.hangs_on in json.dumps(messages):
                self._hung = True
            if self._answered == self.behaviour.breaks_after and is_first_time(self.behaviour):
                self._broken = True
            waits = self.behaviour.waits_after is not None and self._answered >= self.behaviour.waits_after
            self._answered += 1
        while waits and self.status != "Stopping" and not os.path.exists(self.behaviour.waits_until):
            time.sleep(0.02)
        if self._broken:
            raise chat.ApiError(500, "InternalServerError", "CUDA out of memory. Tried to allocate 2.00 GiB.")
        if ends:
            self._kill_scheduler()
        if ends or self._hung:
            threading.Event().wait()
