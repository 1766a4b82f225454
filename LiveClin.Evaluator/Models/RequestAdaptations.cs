using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// What a server has refused of the request's fields, and how the request was changed for it: for the whole run, once, and said.
/// What was asked for, and with it the run's identity, stays as it is.
/// </summary>
/// <param name="dialect">What is known of the server beforehand.</param>
/// <param name="onChange">Told of each change, in words, before the request is sent in its new form; null to tell nobody.</param>
internal sealed class RequestAdaptations(Dialect dialect, Func<string, Task>? onChange)
{
    /// <summary>Stands for replies in one piece among the fields that a server may refuse.</summary>
    public const string Stream = "stream";

    /// <summary>What this program adds to a request for a stream: that it ends with the tokens it took.</summary>
    public const string StreamOptions = "stream_options";

    private ImmutableList<string> _refused = [.. dialect.Refused];

    /// <summary>The fields that were refused so far; each time another list.</summary>
    public ImmutableList<string> Refused => Volatile.Read(ref _refused);

    /// <summary>Says what the dialect changes before anything is asked.</summary>
    /// <param name="parametersJson">The fields as asked for.</param>
    public async Task TellAsync(string parametersJson)
    {
        if (onChange is null) return;
        var fields = JsonNode.Parse(parametersJson)!.AsObject();
        foreach (var field in dialect.Refused.Where(field => field == Stream || fields.ContainsKey(field)))
            await onChange($"Dialect {dialect.Name} has no {Describe(field)}.").ConfigureAwait(false);
    }

    // Of an error that blames the request, be it in a reply with status 200. What was withheld, broken off or is no error at all may hold
    // words of a case or of the model's own.
    private static readonly string[] Refusals = ["http_400", "http_422", "server_error"];

    /// <summary>Learns from a refusal.</summary>
    /// <param name="reply">What came.</param>
    /// <param name="failure">What it was taken for.</param>
    /// <param name="sent">What had been refused when that request was made.</param>
    /// <param name="parametersJson">The fields as asked for.</param>
    /// <returns>True when the request is to be sent again, in a form that it did not have.</returns>
    public async Task<bool> LearnAsync(HttpReply reply, ModelCallException failure, ImmutableList<string> sent, string parametersJson)
    {
        if (!dialect.Learns || !Refusals.Contains(failure.Kind)) return false;
        var fields = JsonNode.Parse(parametersJson)!.AsObject();
        var error = ServerError.Read(reply.Body);
        if (RefusedFields.Find(error, fields) is not { } field || sent.Contains(field)) return false;
        if (ImmutableInterlocked.Update(ref _refused, (all, one) => all.Contains(one) ? all : all.Add(one), field) && onChange is not null)
            await onChange($"The server refuses {Describe(field)}. Its words: {error.Message}").ConfigureAwait(false);
        return true;
    }

    /// <summary>The fields without what was refused.</summary>
    public static string Apply(string parametersJson, ImmutableList<string> refused)
    {
        if (refused.Count == 0) return parametersJson;
        var fields = JsonNode.Parse(parametersJson)!.AsObject();
        foreach (var field in refused)
        {
            if (field == Stream)
            {
                fields[Stream] = true;
                if (!refused.Contains(StreamOptions)) fields[StreamOptions] = new JsonObject { ["include_usage"] = true };
                continue;
            }

            if (field == "max_tokens" && fields["max_tokens"]?.DeepClone() is { } limit) fields["max_completion_tokens"] = limit;
            fields.Remove(field);
        }

        return fields.ToJsonString();
    }

    private static string Describe(string field) => field switch
    {
        Stream => "replies in one piece: they are streamed from now on",
        "max_tokens" => "'max_tokens': 'max_completion_tokens' is sent from now on",
        _ => $"'{field}': it is left out from now on",
    };
}
