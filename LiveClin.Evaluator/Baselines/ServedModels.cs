using System.Collections.Immutable;
using LiveClin.Core.Floors;
using LiveClin.Core.Simulated;
using LiveClin.Evaluator.Baselines.Simulated;

namespace LiveClin.Evaluator.Baselines;

/// <summary>The models that the server has: the floors, and with a release the simulated examinees.</summary>
/// <param name="room">Where examinees answer; null without a release.</param>
internal sealed class ServedModels(ExamRoom? room)
{
    private readonly Dictionary<string, Floor> _floors = Floor.All.ToDictionary(floor => floor.ApiId, StringComparer.Ordinal);

    /// <summary>True when the images of requests matter to somebody.</summary>
    public bool LooksAtImages => room is not null;

    /// <summary>The names to list, on the wire.</summary>
    public IEnumerable<string> Listed =>
        [.. Floor.All.Select(floor => floor.ApiId), .. room is null ? [] : Examinee.Listed.Select(examinee => examinee.Name)];

    /// <summary>Why a name cannot be asked; null when it can.</summary>
    public string? Refusal(string id)
    {
        if (_floors.ContainsKey(id) || (room is not null && Examinee.Find(id) is not null)) return null;
        var floors = $"These do: {string.Join(", ", _floors.Keys)}";
        if (room is not null)
            return $"The model '{id}' does not exist. {floors}, and {Examinee.Prefix}KIND-NN with NN from 0 to 100 and KIND one of {string.Join(", ", Examinee.Kinds)}.";
        return Examinee.Find(id) is null
            ? $"The model '{id}' does not exist. {floors}."
            : $"The model '{id}' needs the release that it is examined on: start the server with --dataset NAME, or --jsonl-path FILE --image-root DIR.";
    }

    /// <summary>The letter that a model gives to a conversation's last question.</summary>
    /// <exception cref="ChatRequestException">The model cannot answer this.</exception>
    public async Task<string> AnswerAsync(ChatRequest request, CancellationToken cancellationToken) =>
        _floors.TryGetValue(request.Model, out var floor)
            ? floor.Choose(AskedQuestion.Read(request.UserMessages.AsSpan()).ForFloors)
            : await room!.AnswerAsync(Examinee.Find(request.Model)!, request.Messages, request.Seed, cancellationToken);
}
