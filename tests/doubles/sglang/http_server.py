"""The HTTP side: SGLang's paths, its authentication, its shapes of errors."""
import http.server
import json
import time

from . import __version__, chat, log

OPEN_PATHS = ("/health", "/ready", "/metrics")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, address, engine):
        self.engine = engine
        self.created = int(time.time())
        super().__init__(address, Handler)

    def handle_error(self, request, client_address):
        """A client that went away is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "uvicorn"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self):
        self._route({"/health": self._health, "/health_generate": self._health, "/v1/models": self._models, "/model_info": self._model_info,
                     "/get_model_info": self._model_info, "/server_info": self._server_info, "/get_server_info": self._server_info,
                     "/flush_cache": self._flush, "/metrics": self._metrics, "/ping": self._empty, "/": self._empty})

    def do_POST(self):
        self._route({"/v1/chat/completions": self._chat, "/flush_cache": self._flush})

    def _route(self, routes):
        self._body = self._read_body()
        path = self.path.partition("?")[0]
        key = self._engine.args.api_key
        if key and not path.startswith(OPEN_PATHS) and f"Bearer {key}" != self.headers.get("Authorization") and key != self.headers.get("x-api-key"):
            self._json(401, {"error": "Unauthorized"})
        elif path == "/metrics" and not self._engine.args.enable_metrics:
            self._json(404, {"detail": "Not Found"})
        elif path.startswith("/v1/models/") and self.command == "GET":
            self._model(path.removeprefix("/v1/models/"))
        elif path in routes:
            routes[path]()
        else:
            self._json(404, {"detail": "Not Found"})

    def _read_body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # Trailers.
        return b"".join(chunks)

    @property
    def _engine(self):
        return self.server.engine

    def _health(self):
        self._send(self._engine.health(), b"", "text/plain")

    def _empty(self):
        self._send(200, b"", "text/plain")

    def _card(self):
        name = self._engine.args.served_model_name
        return {"id": name, "object": "model", "created": self.server.created, "owned_by": "sglang", "root": name, "parent": None, "max_model_len": self._engine.context_length}

    def _models(self):
        self._json(200, {"object": "list", "data": [self._card()]})

    def _model(self, name):
        if name == self._engine.args.served_model_name:
            self._json(200, self._card())
        else:
            self._json(404, {"error": {"message": f"The model '{name}' does not exist", "type": "invalid_request_error", "param": "model", "code": "model_not_found"}})

    def _model_info(self):
        args = self._engine.args
        self._json(200, {"model_path": args.model_path, "served_model_name": args.served_model_name, "tokenizer_path": args.tokenizer_path, "is_generation": True,
                         "weight_version": "default", "has_image_understanding": self._engine.multimodal, "model_type": "fake", "architectures": ["FakeForConditionalGeneration"]})

    def _server_info(self):
        self._json(200, vars(self._engine.args) | {"version": __version__, "status": self._engine.status, "max_total_num_tokens": 4 * self._engine.context_length,
                                                   "internal_states": [{"last_gen_throughput": 0.0} for _ in range(self._engine.args.dp_size)]})

    def _flush(self):
        if self._engine.busy:
            self._send(400, b"Flush cache failed.\n", "text/plain")
        else:
            self._engine.cache.flush()
            self._send(200, b"Cache flushed.\nPlease check backend logs for more details. (When there are running or waiting requests, the operation will not be performed.)\n", "text/plain")

    def _metrics(self):
        engine = self._engine
        self._send(200, engine.metrics.text(engine.running, engine.queued, engine.context_length, engine.startup_seconds).encode(), "text/plain; version=0.0.4; charset=utf-8")

    def _chat(self):
        engine = self._engine
        engine.generated = True
        try:
            if "json" not in self.headers.get("Content-Type", ""):
                raise chat.ApiError(400, "Bad Request", "Unsupported Media Type: Only 'application/json' is allowed")
            try:
                request = json.loads(self._body)
            except ValueError as error:
                raise chat.ApiError(400, "Bad Request", f"1 validation errors:\n  {{'type': 'json_invalid', 'msg': '{error}'}}") from error
            rank = self.headers.get("X-Data-Parallel-Rank")
            with engine.completion(request, int(rank) if rank else None) as (body, cached):
                self._answer(request, body, cached)
        except chat.ApiError as error:
            self._json(error.status, error.body)
        except OSError:
            raise  # The client went away.
        except Exception as error:  # As SGLang does: anything unexpected is a 500.
            log.write(f"Error in request: {error!r}")
            self._json(500, {"object": "error", "message": str(error), "type": "InternalServerError", "param": None, "code": 500})

    def _answer(self, request, body, cached):
        tokens = body["usage"]["prompt_tokens"]
        log.info(f"Prefill batch, #new-seq: 1, #new-token: {tokens - cached}, #cached-token: {cached}, token usage: 0.00, "
                 f"#running-req: {self._engine.running}, #queue-req: {self._engine.queued}")
        if request.get("stream"):
            options = request.get("stream_options") or {}
            self._send(200, "".join(chat.events(body, options.get("include_usage"))).encode(), "text/event-stream; charset=utf-8")
        else:
            self._json(200, body)

    def _json(self, status, body):
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status, content, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        self._engine.metrics.http(self.command, self.path.partition("?")[0], status)

    def log_request(self, code="-", size="-"):
        log.info(f'INFO:     {self.client_address[0]}:{self.client_address[1]} - "{self.requestline}" {int(code)}')
