"""Counts that /metrics shows in Prometheus' text format."""
import bisect
import collections
import threading

BUCKETS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300]


class Metrics:
    def __init__(self, model_name):
        self._lock = threading.Lock()
        self._labels = f'engine_type="unified",model_name="{model_name}"'
        self._counters = collections.Counter()
        self._histograms = {}
        self._last_hit_rate = 0.0

    def http(self, method, path, status):
        with self._lock:
            self._counters[f'sglang:http_requests_total{{endpoint="{path}",method="{method}"}}'] += 1
            self._counters[f'sglang:http_responses_total{{endpoint="{path}",method="{method}",status_code="{status}"}}'] += 1

    def completed(self, prompt_tokens, cached_tokens, completion_tokens, seconds):
        with self._lock:
            for name, value in (("prompt_tokens", prompt_tokens), ("generation_tokens", completion_tokens), ("num_requests", 1)):
                self._counters[f"sglang:{name}_total{{{self._labels}}}"] += value
            self._counters[f'sglang:cached_tokens_total{{cache_source="device",{self._labels}}}'] += cached_tokens
            self._last_hit_rate = cached_tokens / prompt_tokens if prompt_tokens else 0.0
            for name in ("time_to_first_token_seconds", "e2e_request_latency_seconds"):
                counts, total = self._histograms.get(name, ([0] * (len(BUCKETS) + 1), 0.0))
                counts[bisect.bisect_left(BUCKETS, seconds)] += 1
                self._histograms[name] = (counts, total + seconds)

    def aborted(self):
        with self._lock:
            self._counters[f"sglang:num_aborted_requests_total{{{self._labels}}}"] += 1

    def text(self, running, queued, context_length, startup_seconds):
        gauges = {"num_running_reqs": running, "num_queue_reqs": queued, "token_usage": min(1.0, running / 100), "cache_hit_rate": self._last_hit_rate,
                  "gen_throughput": 0.0, "utilization": 0.0, "num_used_tokens": 0, "max_total_num_tokens": 4 * context_length,
                  "context_len": context_length, "startup_time_seconds": startup_seconds}
        lines = []
        with self._lock:
            for name, value in gauges.items():
                lines += [f"# HELP sglang:{name} {name}", f"# TYPE sglang:{name} gauge", f'sglang:{name}{{{self._labels},tp_rank="0",pp_rank="0",moe_ep_rank="0"}} {float(value)}']
            families = set()
            for series, value in sorted(self._counters.items()):
                family = series.partition("{")[0]
                if family not in families:
                    families.add(family)
                    lines += [f"# HELP {family} {family}", f"# TYPE {family} counter"]
                lines.append(f"{series} {float(value)}")
            for name, (counts, total) in self._histograms.items():
                lines += [f"# HELP sglang:{name} {name}", f"# TYPE sglang:{name} histogram"]
                for index, bound in enumerate([*BUCKETS, "+Inf"]):
                    lines.append(f'sglang:{name}_bucket{{le="{bound}",{self._labels}}} {float(sum(counts[:index + 1]))}')
                lines += [f"sglang:{name}_sum{{{self._labels}}} {total}", f"sglang:{name}_count{{{self._labels}}} {float(sum(counts))}"]
        return "\n".join(lines) + "\n"
