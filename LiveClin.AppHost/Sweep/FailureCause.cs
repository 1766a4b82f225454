using System.Text.RegularExpressions;

namespace LiveClin.AppHost.Sweep;

/// <summary>Why a model server failed, as its log tells it.</summary>
/// <param name="Error">The log's own words, in one line.</param>
/// <param name="Advice">What to do about it; null when the kind is not known.</param>
internal sealed partial record FailureCause(string Error, string? Advice)
{
    private const int MaximumDistance = 100;

    /// <summary>
    /// Kinds that are known, the most telling first: a log that ran out of memory also holds the warnings of modules that it could do
    /// without. A pattern's first group, if it has one, is what is quoted.
    /// </summary>
    private static readonly Kind[] Kinds =
    [
        // torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 14.00 GiB. …     ggml_backend_cuda_buffer_type_alloc_buffer: …
        // cudaMalloc failed: out of memory
        new(OutOfMemory(), "The GPU memory is too small for model and cache: spread the model over more devices (Tp), lower ContextLength, or set another MemoryFraction."),
        // ERROR:    [Errno 98] error while attempting to bind on address ('127.0.0.1', 30000): address already in use
        new(PortInUse(), "Another program has the port: end it, or leave out Port to have a free one chosen."),
        // huggingface_hub.errors.GatedRepoError: 401 Client Error. … Access to model google/medgemma-4b-it is restricted.
        new(Gated(), "Ask for access on the model's page, and give the server your token: \"Environment\": { \"HF_TOKEN\": … }, or HF_TOKEN in the app host's own environment."),
        // OSError: fake/none is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'
        new(NoSuchModel(), "Look at Path: it is a folder with the weights, or the name of a repository on the hub; a private one wants HF_TOKEN, a machine without network the folder."),
        // ValueError: Chat template foo is not a built-in template name or a valid chat template file path.
        new(ChatTemplate(), "Name a template in the server's Args: \"--chat-template\" with one of the server's own or a file."),
        // RuntimeError: No CUDA GPUs are available
        new(NoCuda(), "The server finds no usable GPU: look at nvidia-smi, at CUDA_VISIBLE_DEVICES, and whether its environment has a torch built for this driver."),
        // ModuleNotFoundError: No module named 'flashinfer'    (at the line's beginning, or behind vLLM's; within one it is a warning)
        new(MissingModule(), "Install it into the server's environment (Python)."),
    ];

    /// <summary>Finds the cause in the whole log of one start; null when the log names no error.</summary>
    public static FailureCause? Find(IReadOnlyList<string> log)
    {
        var said = WithoutProgramText(log);
        foreach (var kind in Kinds)
        {
            foreach (var line in said)
            {
                if (kind.Pattern.Match(line) is { Success: true } match) return new FailureCause(Quoted(line, match), kind.Advice);
            }
        }

        var errors = said.Select(l => AnyError().Match(l)).Where(m => m.Success).Select(m => m.Groups["error"].Value.Trim()).ToList();
        return (errors.FindLast(e => !Echo().IsMatch(e)) ?? errors.LastOrDefault()) is { } error ? new FailureCause(error, null) : null;
    }

    // A traceback shows lines of the program too, and one that raises an error has its words: raise OSError(f"{path} is not a local
    // folder …")
    private static List<string> WithoutProgramText(IReadOnlyList<string> log)
    {
        var said = new List<string>();
        var isProgramText = false;
        foreach (var line in log)
        {
            isProgramText = Frame().IsMatch(line) || (isProgramText && IndentedText().IsMatch(line));
            if (!isProgramText) said.Add(line);
        }

        return said;
    }

    // From the error's name on, if the line has one that is not too far away: before it stand times and ranks.
    private static string Quoted(string line, Match match)
    {
        var named = AnyError().Match(line).Groups["error"];
        var isNear = named.Success && named.Index <= match.Index + match.Length && match.Index - named.Index < MaximumDistance;
        return (isNear ? named.Value : line[match.Index..]).Trim();
    }

    private sealed record Kind(Regex Pattern, string Advice);

    [GeneratedRegex(@"\bOutOfMemoryError\b|(?:CUDA|HIP) out of memory|CUDA error: out of memory|cudaMalloc failed: out of memory|Not enough memory\. Please try|No available memory for the cache blocks", RegexOptions.CultureInvariant)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"\[Errno 98\]|address already in use|EADDRINUSE|couldn't bind HTTP server socket",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PortInUse();

    [GeneratedRegex(@"\bGatedRepoError\b|trying to access a gated repo|Access to model \S+ is restricted", RegexOptions.CultureInvariant)]
    private static partial Regex Gated();

    [GeneratedRegex(@"is not a local folder and is not a valid model identifier|\bRepositoryNotFoundError\b|\bHFValidationError\b|\bLocalEntryNotFoundError\b|does not appear to have a file named|No such file or directory: '[^']*config\.json'|failed to open GGUF file|couldn't connect to 'https://huggingface", RegexOptions.CultureInvariant)]
    private static partial Regex NoSuchModel();

    [GeneratedRegex(@"chat template \S+ is not a built-in|tokenizer\.chat_template is not set|supplied chat template|does not have a chat template|jinja2\.exceptions\.\w+|chat template .*(?:not found|does not exist|doesn't exist|failed)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ChatTemplate();

    [GeneratedRegex(@"No CUDA GPUs are available|Found no NVIDIA driver|not compiled with CUDA enabled|CUDA driver version is insufficient|no CUDA-capable device|invalid device ordinal|libcuda\.so\S*: cannot open|No accelerator \(", RegexOptions.CultureInvariant)]
    private static partial Regex NoCuda();

    [GeneratedRegex(@"(?:^(?:\S*: )?|\[[\w.]+:\d+\] )ModuleNotFoundError: ", RegexOptions.CultureInvariant)]
    private static partial Regex MissingModule();

    // What only tells that something was wrong before it.
    [GeneratedRegex(@"Please see the error messages above|See root cause above|died during initialization|warmup error|Engine core initialization failed", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Echo();

    // Sample:   File "/opt/sglang/launch_server.py", line 23, in <module>
    [GeneratedRegex(@"File "".*"", line \d+", RegexOptions.CultureInvariant)]
    private static partial Regex Frame();

    // Sample:     launch_server(server_args)     (EngineCore pid=7) ERROR 11-28 19:32:59 [core.py:700]     self.load()     |    
    // self.load()
    [GeneratedRegex(@"^(?:.*\[[\w.]+:\d+\]|\s+\|)?\s{4,}[^\s|]", RegexOptions.CultureInvariant)]
    private static partial Regex IndentedText();

    // Sample: RuntimeError: NCCL error: unhandled system error     launch_server.py: error: unrecognized arguments: --foo    
    // AssertionError
    [GeneratedRegex(@"(?:^|\s)(?<error>(?:[\w.]*(?:Error|Exception)|ERROR|error):\s+\S.*)$|^(?<error>[\w.]+(?:Error|Exception))$",
        RegexOptions.CultureInvariant)]
    private static partial Regex AnyError();
}
