"""`python3 -m sglang_router.launch_server`: a server per data-parallel rank, and before them a router that goes by cached prefixes."""
import argparse
import http.server
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from sglang import log, server_args


def main(arguments):
    router, rest = parse(arguments)
    args = server_args.parse(rest)
    workers = [Worker(args, rest, rank) for rank in range(args.dp_size)]
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(name, lambda *_: stop(workers))
    server = Router((args.host, args.port), workers, router)
    metrics = http.server.ThreadingHTTPServer((router.router_prometheus_host, router.router_prometheus_port), Metrics)
    metrics.router = server
    threading.Thread(target=metrics.serve_forever, daemon=True).start()
    log.write(f"[Router (Rust)] Router ready | workers: {[worker.url for worker in workers]}")
    server.serve_forever()


def parse(arguments):
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    add = parser.add_argument
    add("--router-policy", default="cache_aware", choices=["random", "round_robin", "cache_aware", "power_of_two"])
    add("--router-cache-threshold", type=float, default=0.3)
    add("--router-disable-retries", action="store_true")
    add("--router-max-concurrent-requests", type=int, default=256)
    add("--router-queue-size", type=int, default=100)
    add("--router-worker-startup-timeout-secs", type=int, default=600)
    add("--router-prometheus-host", default="127.0.0.1")
    add("--router-prometheus-port", type=int, default=29000)
    add("--router-dp-worker-base-port", type=int, default=31000)
    return parser.parse_known_args(arguments)


def text_of(request):
    """What is routed by: the messages' text; images are no part of it."""
    contents = [message.get("content") or "" for message in request.get("messages", [])]
    return "\n".join(part if isinstance(part, str) else part.get("text", "") for content in contents for part in ([content] if isinstance(content, str) else content))


def stop(workers):
    for worker in workers:
        os.killpg(worker.process.pid, signal.SIGTERM)
    for worker in workers:
        try:
            worker.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(worker.process.pid, signal.SIGKILL)
    os._exit(0)


class Worker:
    def __init__(self, args, rest, rank):
        with socket.socket() as probe:
            probe.bind((args.host, 0))
            port = probe.getsockname()[1]
        self.url = f"http://{args.host}:{port}"
        self.seen = []  # the requests' texts, in which prefixes are looked for
        self.routed = 0
        own = ["--data-parallel-size", "1", "--base-gpu-id", str(rank * args.tp_size), "--port", str(port)]
        # In a process group of its own, as the real one has it.
        self.process = subprocess.Popen([sys.executable, "-m", "sglang.launch_server", *rest, *own], preexec_fn=os.setpgrp)

    def healthy(self):
        try:
            with urllib.request.urlopen(self.url + "/health", timeout=5):
                return self.process.poll() is None
        except (urllib.error.URLError, OSError):
            return False


class Router(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, address, workers, options):
        self.workers, self.options = workers, options
        self._lock = threading.Lock()
        super().__init__(address, Handler)

    def choose(self, text):
        """The worker that knows the longest beginning, if that is long enough; else the one with the fewest requests so far."""
        with self._lock:
            best, length = max(((worker, max((len(os.path.commonprefix([text, seen])) for seen in worker.seen), default=0)) for worker in self.workers), key=lambda pair: pair[1])
            if length < self.options.router_cache_threshold * len(text):
                best = min(self.workers, key=lambda worker: worker.routed)
            best.routed += 1
            best.seen = (best.seen + [text])[-200:]
            return best

    def handle_error(self, request, client_address):
        """A client that went away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self):
        if self.path in ("/health", "/liveness"):
            self._send(200, b"OK")
        elif self.path == "/readiness":
            healthy = sum(worker.healthy() for worker in self.server.workers)
            self._send(200 if healthy == len(self.server.workers) else 503, json.dumps({"healthy_workers": healthy, "total_workers": len(self.server.workers)}).encode())
        elif self.path == "/engine_metrics":
            self._send(200, "".join(self._metrics(worker) for worker in self.server.workers).encode())
        else:
            self._send(*self._ask(self.server.workers[0], self.path))

    def do_POST(self):
        body = self._read_body()
        worker = self.server.choose(text_of(json.loads(body)))
        self._send(*self._ask(worker, self.path, body))

    def _metrics(self, worker):
        """A server's metrics, labelled with its address."""
        return re.sub(r"^([^#{]+)\{", rf'\1{{worker_addr="{worker.url}",', self._ask(worker, "/metrics")[1].decode(), flags=re.MULTILINE)

    def _ask(self, worker, path, body=None):
        headers = {name: self.headers[name] for name in ("Content-Type", "Authorization") if name in self.headers}
        try:
            with urllib.request.urlopen(urllib.request.Request(worker.url + path, body, headers), timeout=1800) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except (urllib.error.URLError, OSError) as error:
            return 503, json.dumps({"error": str(error)}).encode()

    def _read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send(self, status, content):
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if self.path == "/engine_metrics" else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_request(self, code="-", size="-"):
        """The servers log."""


class Metrics(Handler):
    """The router's own metrics, on a port of their own."""

    def do_GET(self):
        lines = [f'smg_worker_requests_total{{worker="{worker.url}"}} {worker.routed}' for worker in self.server.router.workers]
        self._send(200, "\n".join(["# TYPE smg_worker_requests_total counter", *lines, ""]).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
