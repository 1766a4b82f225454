using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;

namespace LiveClin.Evaluator.Baselines.Simulated;

/// <summary>Tells whether a conversation holds the true figures of a question. Files are read when they are first asked for.</summary>
internal sealed class FigureCheck(string imageRoot)
{
    private readonly ImageResolver _resolver = new(imageRoot);
    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> _hashes = new(StringComparer.Ordinal);

    /// <summary>
    /// True when every figure that the published prompt sends with the question (the scenario's with the first one) is among the
    /// messages' images: by its file's bytes, or by its address where images travel as addresses. What cannot be sent, such as a missing
    /// file, is not missed.
    /// </summary>
    public async Task<bool> AreShownAsync(Case clinicalCase, Question question, ImmutableArray<ChatMessage> messages,
        CancellationToken cancellationToken)
    {
        IEnumerable<Figure> all = question.Index == 0 ? [.. clinicalCase.Figures, .. question.Figures] : question.Figures;
        var figures = all.Where(figure => !string.IsNullOrEmpty(figure.CaptionPrefix)).ToList();
        if (figures.Count == 0) return true;
        var images = messages.SelectMany(message => message.Images).ToHashSet(StringComparer.Ordinal);
        var byAddress = images.Any(image => image.StartsWith("http", StringComparison.OrdinalIgnoreCase));
        foreach (var figure in figures)
        {
            var expected = byAddress ? figure.Url : await HashAsync(figure.File).WaitAsync(cancellationToken);
            if (!string.IsNullOrEmpty(expected) && !images.Contains(expected)) return false;
        }

        return true;
    }

    private Task<string?> HashAsync(string? file)
    {
        if (string.IsNullOrEmpty(file)) return Task.FromResult<string?>(null);
        return _hashes.GetOrAdd(file, name => new(() => ReadAsync(name))).Value;
    }

    private async Task<string?> ReadAsync(string name)
    {
        if (_resolver.Find(name) is not { CanBeSent: true } found) return null;
        await using var content = RegularFile.OpenRead(found.Path);
        return ImageDigest.Name(await SHA256.HashDataAsync(content));
    }
}
