using System.CommandLine;
using LiveClin.Evaluator.Models;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The options of a request's body: how a model is to answer, and how its server wants to be told.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<string> _params = new("--params")
    {
        Description = "Sampling parameters: core (the published table by model family) or plain (temperature 0, 16384 tokens).",
        DefaultValueFactory = _ => "core",
        HelpName = "core|plain",
    };

    private readonly Option<double?> _temperature = new("--temperature")
    {
        Description = "Temperature, instead of the table's.",
        HelpName = "T",
    };

    private readonly Option<double?> _topP = new("--top-p")
    {
        Description = "Nucleus sampling threshold, instead of the table's.",
        HelpName = "P",
    };

    private readonly Option<int?> _maxTokens = new("--max-tokens")
    {
        Description = "Longest reply in tokens, instead of the table's.",
        HelpName = "N",
    };

    private readonly Option<long?> _seed = new("--seed") { Description = "Seed for servers that honour one.", HelpName = "N" };

    private readonly Option<string?> _extraBody = new("--extra-body")
    {
        Description = "Further fields of the request's body, a JSON object.",
        HelpName = "JSON",
    };

    private readonly Option<string?> _dialect = new("--dialect")
    {
        Description = $"How the server wants the request: {Dialect.Names}; with +stream where it only streams. auto learns from refusals.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _effort = new("--reasoning-effort")
    {
        Description = "How much the model may think: low, medium, high, or another word that the server knows.", HelpName = "WORD",
    };

    private readonly Option<int?> _thinking = new("--thinking-budget")
    {
        Description = "Most tokens of thinking, 0 for none; needs a --dialect that has one.", HelpName = "N",
    };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_params, _temperature, _topP, _maxTokens, _seed, _extraBody, _dialect, _effort, _thinking])
            command.Options.Add(option);
        _params.AcceptOnlyFromAmong("core", "plain");
    }

    /// <summary>The parameters of every request to a model.</summary>
    /// <exception cref="CommandException">One of them is no value that it takes.</exception>
    public SamplingParameters Read(ParseResult parsed, string apiId)
    {
        var problems = new List<string>();
        var preset = parsed.GetValue(_params) == "plain" ? SamplingPreset.Plain : SamplingPreset.Core;
        var sampling = new SamplingChoice(preset, new SamplingParameters
        {
            Temperature = parsed.GetValue(_temperature),
            TopP = parsed.GetValue(_topP),
            MaxTokens = parsed.GetValue(_maxTokens),
            Seed = parsed.GetValue(_seed),
            ExtraBody = parsed.GetValue(_extraBody),
        })
        {
            Reasoning = new ReasoningChoice(parsed.GetValue(_effort), parsed.GetValue(_thinking)),
            Dialect = ReadDialect(parsed),
        }.Resolve(apiId, (field, message) => problems.Add($"{SwitchOf(field)}: {message}"));
        return problems.Count == 0 ? sampling : throw new CommandException(string.Join('\n', problems));
    }

    /// <summary>How requests are written.</summary>
    /// <exception cref="CommandException">There is no such dialect.</exception>
    public Dialect ReadDialect(ParseResult parsed) => Dialect.Find(parsed.GetValue(_dialect))
        ?? throw new CommandException(
            $"{_dialect.Name}: there is no '{parsed.GetValue(_dialect)}'; there are {Dialect.Names}, each also with +stream.");

    private string SwitchOf(string field) => field switch
    {
        "reasoning_effort" => _effort.Name,
        "thinking_budget" => _thinking.Name,
        "temperature" => _temperature.Name,
        "top_p" => _topP.Name,
        "max_tokens" => _maxTokens.Name,
        "extra_body_json" => _extraBody.Name,
        _ => _params.Name,
    };
}
