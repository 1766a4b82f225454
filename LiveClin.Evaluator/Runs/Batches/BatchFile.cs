using System.Collections.Immutable;
using System.Text;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>Writes files of batch requests, each within what the API takes.</summary>
internal sealed class BatchFile(OpenQuestions questions, string apiId, string parametersJson)
{
    /// <summary>Most requests in a file.</summary>
    public const int MostRequests = 50_000;

    // OpenAI takes 200 MB; some others count in MiB.
    private const long MostBytes = 190_000_000;

    private readonly Dictionary<string, RequestBody> _bodies = new(StringComparer.Ordinal);

    /// <summary>Writes as many of the questions as one file may hold, at least one; returns how many.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">The questions, in order.</param>
    /// <param name="refused">The fields that the API has refused.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RunHaltedException">What was asked has changed, or the file cannot be written.</exception>
    public async Task<int> WriteAsync(string path, IEnumerable<BatchQuestion> wanted, ImmutableList<string> refused, CancellationToken cancellationToken)
    {
        try
        {
            var count = 0;
            var file = File.Create(path);
            await using var _ = file.ConfigureAwait(false);
            foreach (var question in wanted)
            {
                var (conversation, _) = await questions.BuildAsync(question).ConfigureAwait(false);
                using var body = BodyOf(question.Planned.Epoch, refused).Create(conversation.Messages);
                body.TryComputeLength(out var length);
                if (count > 0 && file.Length + length > MostBytes) break;
                // Sample: {"custom_id":"e1-c0-q0","method":"POST","url":"/v1/chat/completions","body":{…}}
                file.Write(Encoding.ASCII.GetBytes($"{{\"custom_id\":\"{question.Id}\",\"method\":\"POST\",\"url\":\"{BatchApi.Call}\",\"body\":"));
                await body.WriteToAsync(file, cancellationToken).ConfigureAwait(false);
                file.Write("}\n"u8);
                count++;
            }

            return count;
        }
        catch (IOException error)
        {
            throw new RunHaltedException($"The requests of a batch cannot be written to {path}: {error.Message}", error);
        }
    }

    // A batch's replies come in files, never as streams.
    private RequestBody BodyOf(int epoch, ImmutableList<string> refused)
    {
        var parameters = RequestAdaptations.Apply(EpochSeed.In(parametersJson, epoch), refused.Remove(RequestAdaptations.Stream));
        return _bodies.TryGetValue(parameters, out var known) ? known : _bodies[parameters] = new RequestBody(apiId, parameters);
    }
}
