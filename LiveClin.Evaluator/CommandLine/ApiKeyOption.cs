using System.CommandLine;
using LiveClin.Evaluator.Models;
using LiveClin.ServiceDefaults.Access;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>The key of a model's API: from the environment, or from the command line with a warning.</summary>
internal sealed class ApiKeyOption
{
    private const string Warning =
        "warning: --api-key can be read by every user of this machine; use the environment variable LIVECLIN_API_KEY instead.";

    private static readonly string[] Variables = ["LIVECLIN_API_KEY", "YOUR_API_KEY"];

    private readonly Option<string?> _key = new("--api-key")
    {
        Description = "The API's key. Prefer the environment variable LIVECLIN_API_KEY (else YOUR_API_KEY): arguments can be read by other users of the machine.",
        HelpName = "K",
    };

    public void AddTo(Command command) => command.Options.Add(_key);

    /// <summary>The key; null where none is given. Warns of one on the command line.</summary>
    /// <exception cref="CommandException">It cannot be one.</exception>
    public string? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_key) is { } given)
        {
            parsed.InvocationConfiguration.Error.WriteLine(Warning);
            return Checked(given, "--api-key");
        }

        foreach (var variable in Variables)
            if (SecretText.WithoutLineEnd(Environment.GetEnvironmentVariable(variable)) is { Length: > 0 } key)
                return Checked(key, variable);
        return null;
    }

    private static string Checked(string key, string source) =>
        ModelEndpoint.ProblemOf(key) is { } problem ? throw new CommandException($"{source}: a key {problem}") : key;
}
