"""/v1/chat/completions: what is checked, what is counted, what is answered."""
import hashlib
import json
import threading
import time
import uuid

from . import images


class ApiError(Exception):
    def __init__(self, status, kind, message):
        super().__init__(message)
        self.status = status
        self.body = {"object": "error", "message": message, "type": kind, "param": None, "code": status}


class PrefixCache:
    """Prompts seen by each data-parallel rank, as hashes of their message prefixes."""

    def __init__(self, ranks):
        self._lock = threading.Lock()
        self._seen = [set() for _ in range(ranks)]
        self._next = 0

    def cached_tokens(self, messages, rank):
        with self._lock:
            if rank is None:
                rank, self._next = self._next, (self._next + 1) % len(self._seen)
            seen, digest, cached, tokens = self._seen[rank], b"", 0, 0
            for message in messages:
                digest = hashlib.sha256(digest + json.dumps(message, sort_keys=True).encode()).digest()
                tokens += count_tokens([message])
                cached = tokens if digest in seen else cached
                seen.add(digest)
            # The last token of a prompt is always computed.
            return max(0, min(cached, tokens - 1))

    def flush(self):
        with self._lock:
            for seen in self._seen:
                seen.clear()


def validate(request, multimodal, ranks, rank):
    """The messages and decoded images of a request, or the error that SGLang would give."""
    messages = request.get("messages") if isinstance(request, dict) else None
    if not isinstance(messages, list) or not messages or "model" in request and not isinstance(request["model"], str):
        raise ApiError(400, "Bad Request", "1 validation errors:\n  {'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required'}")
    if rank is not None and not 0 <= rank < ranks:
        raise ApiError(400, "BadRequestError", f"routed_dp_rank={rank} is out of range [0, {ranks}).")
    pictures = []
    for index, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ("system", "developer", "user", "assistant", "tool"):
            raise ApiError(400, "Bad Request", f"1 validation errors:\n  {{'type': 'literal_error', 'loc': ('body', 'messages', {index}, 'role')}}")
        content = message.setdefault("content", "") or ""
        for part in content if isinstance(content, list) else []:
            kind = part.get("type") if isinstance(part, dict) else None
            if kind == "image_url" and isinstance(part.get("image_url"), dict) and isinstance(part["image_url"].get("url"), str):
                if not multimodal:
                    raise ApiError(400, "BadRequestError", "Model only supports text input; received unsupported content type 'image_url'.")
                try:
                    pictures.append(images.load(part["image_url"]["url"]))
                except images.ImageError as error:
                    raise ApiError(400, "BadRequestError", str(error)) from error
            elif kind != "text" or not isinstance(part.get("text"), str):
                raise ApiError(400, "Bad Request", f"1 validation errors:\n  {{'type': 'value_error', 'loc': ('body', 'messages', {index}, 'content')}}")
    return messages, pictures


def check_length(prompt_tokens, request, context_length):
    if prompt_tokens >= context_length:
        raise ApiError(400, "BadRequestError", f"The input ({prompt_tokens} tokens) is longer than the model's context length ({context_length} tokens).")
    wanted = request.get("max_completion_tokens") or request.get("max_tokens")
    if wanted and prompt_tokens + wanted > context_length:
        raise ApiError(400, "BadRequestError", f"Requested token count exceeds the model's maximum context length of {context_length} tokens. "
                       f"You requested a total of {prompt_tokens + wanted} tokens: {prompt_tokens} tokens from the input messages and {wanted} tokens for the completion.")
    return wanted or context_length - prompt_tokens


def count_tokens(messages):
    """About four characters a token, 256 tokens an image."""
    total = 0
    for message in messages:
        content = message["content"] or ""
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        total += 4 + sum(len(part["text"]) // 4 + 1 if part["type"] == "text" else 256 for part in parts)
    return total


def completion(request, reply, limit, prompt_tokens, cached_tokens, reports_cache):
    """The response's body."""
    words = max(1, len(reply) // 4 + 1)
    cut = words > limit
    text, tokens = (reply[:4 * limit], limit) if cut else (reply, words)
    count = request.get("n") or 1
    usage = {"prompt_tokens": prompt_tokens, "total_tokens": prompt_tokens + tokens * count, "completion_tokens": tokens * count,
             "prompt_tokens_details": {"cached_tokens": cached_tokens} if reports_cache and cached_tokens > 0 else None, "reasoning_tokens": 0}
    choice = {"message": {"role": "assistant", "content": text, "reasoning_content": None, "tool_calls": None}, "logprobs": None,
              "finish_reason": "length" if cut else "stop", "matched_stop": None if cut else 151645}
    return {"id": request.get("rid") or uuid.uuid4().hex, "object": "chat.completion", "created": int(time.time()), "model": request.get("model", "default"),
            "choices": [{"index": index} | choice for index in range(count)], "usage": usage, "metadata": {"weight_version": "default"}}


def events(body, includes_usage):
    """The same as server-sent events."""
    common = {key: body[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}

    def chunk(choice, usage=None):
        return "data: " + json.dumps(common | {"choices": choice, "usage": usage}) + "\n\n"

    for choice in body["choices"]:
        index = choice["index"]
        yield chunk([{"index": index, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}])
        for word in choice["message"]["content"].splitlines(True):
            yield chunk([{"index": index, "delta": {"content": word}, "finish_reason": None}])
        yield chunk([{"index": index, "delta": {}, "finish_reason": choice["finish_reason"]}])
    if includes_usage:
        yield chunk([], body["usage"])
    yield "data: [DONE]\n\n"
