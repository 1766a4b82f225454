"""The command line of `python3 -m sglang.launch_server`: names, aliases, abbreviations and defaults of the real one."""
import argparse


def length(text):
    """32768 or 32k."""
    return int(text[:-1]) * 1024 if text[-1:] in "kK" else int(text)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="sglang serve")
    add = parser.add_argument
    add("--model-path", "--model", required=True)
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=30000)
    add("--tokenizer-path")
    add("--served-model-name")
    add("--tp-size", "--tensor-parallel-size", type=int, default=1)
    add("--dp-size", "--data-parallel-size", type=int, default=1)
    add("--pp-size", "--pipeline-parallel-size", type=int, default=1)
    add("--nnodes", type=int, default=1)
    add("--node-rank", type=int, default=0)
    add("--base-gpu-id", type=int, default=0)
    add("--dist-init-addr", "--nccl-init-addr")
    add("--device", default="cuda", choices=["cuda", "xpu", "hpu", "npu", "cpu", "musa"])
    add("--dtype", default="auto")
    add("--quantization")
    add("--revision")
    add("--download-dir")
    add("--load-format", default="auto")
    add("--mem-fraction-static", type=float)
    add("--context-length", type=length)
    add("--chat-template")
    add("--api-key")
    add("--random-seed", type=int)
    add("--max-running-requests", type=int)
    add("--max-queued-requests", type=int)
    add("--max-total-tokens", type=int)
    add("--chunked-prefill-size", type=int)
    add("--attention-backend")
    add("--mm-attention-backend")
    add("--schedule-policy", default="fcfs", choices=["lpm", "random", "fcfs", "dfs-weight", "lof", "priority", "routing-key"])
    add("--load-balance-method", default="auto")
    add("--sampling-defaults", default="model")
    add("--log-level", default="info")
    add("--log-level-http")
    add("--watchdog-timeout", type=float, default=300)
    add("--otlp-traces-endpoint", default="localhost:4317")
    add("--trace-modules", default="request")
    add("--reasoning-parser")
    add("--tool-call-parser")
    add("--enable-multimodal", action="store_true", default=None)
    for flag in ("--trust-remote-code", "--enable-metrics", "--enable-cache-report", "--enable-deterministic-inference", "--enable-trace", "--skip-server-warmup",
                 "--disable-radix-cache", "--disable-cuda-graph", "--enable-dp-attention", "--log-requests",
                 "--weight-loader-disable-mmap", "--weight-loader-prefetch-checkpoints", "--weight-loader-drop-cache-after-load"):
        add(flag, action="store_true")
    args = parser.parse_args(arguments)
    assert args.tp_size * args.pp_size % args.nnodes == 0, "tp_size must be divisible by number of nodes"
    assert args.dp_size == 1 or args.nnodes == 1 or args.enable_dp_attention, "multi-node data parallel is not supported unless dp attention!"
    args.tokenizer_path = args.tokenizer_path or args.model_path
    args.served_model_name = args.served_model_name or args.model_path
    assert ":" not in args.served_model_name, "served_model_name cannot contain a colon (':') because it is reserved for the 'base:lora' syntax."
    return args
