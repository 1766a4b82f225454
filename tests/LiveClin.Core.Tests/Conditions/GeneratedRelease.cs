using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>
/// Releases with what real ones have seldom: nine and ten options, letters and keys in lower case, gaps between letters, equal texts,
/// figures whose file is missing, cannot be sent or has no caption's prefix, equal images in several cases, cases with tables only and
/// with nothing.
/// </summary>
internal sealed class GeneratedRelease : IDisposable
{
    private static readonly string[] Types = ["Histopathology", "CT scan", "CT and MRI", "Flowchart", "a drawing"];
    private readonly TemporaryFolder _folder = new();
    private readonly Random _random;

    public GeneratedRelease(int seed)
    {
        _random = new Random(seed);
        var sizes = Enumerable.Range(0, 12).Select(_ => (Width: _random.Next(1, 40), Height: _random.Next(1, 40))).ToList();
        for (var i = 0; i < sizes.Count; i++) File.WriteAllBytes(_folder[$"{i}.png"], BlankImage.Encode(sizes[i].Width, sizes[i].Height));
        File.WriteAllBytes(_folder["unknown.xyz"], [1, 2, 3]);
        Cases = [.. Enumerable.Range(0, _random.Next(4, 9)).Select(MakeCase)];
        Images = new ImageResolver(_folder[""]);
    }

    public ImmutableArray<Case> Cases { get; }

    public ImageResolver Images { get; }

    public ConditionedRelease Under(string condition) => new(Condition.Parse(condition), Cases, ImageMode.Local, Images.Find);

    public ImmutableArray<TurnPrompt> Published(Case clinicalCase) => PromptBuilder.Build(clinicalCase, ImageMode.Local, Images.Find);

    public void Dispose() => _folder.Dispose();

    private Case MakeCase(int ordinal)
    {
        var shape = _random.Next(4); // nothing, tables only, figures only, both
        return new Case
        {
            Ordinal = ordinal,
            Line = ordinal + 1,
            Id = $"{ordinal}",
            FileName = $"PMC.{ordinal}.json",
            Scenario = $"Scenario {ordinal}\n* Figures:\nas the text has it",
            Json = "{}",
            Figures = shape >= 2 ? Figures() : [],
            Tables = shape is 1 or 3 ? Tables() : [],
            Questions = [.. Enumerable.Range(0, _random.Next(1, 7)).Select(index => MakeQuestion(index, shape))],
        };
    }

    private Question MakeQuestion(int index, int shape)
    {
        var isLower = _random.Next(3) == 0;
        var gap = _random.Next(4) == 0 ? 1 : 0; // A, C, D, …
        var options = Enumerable.Range(0, _random.Next(8) switch { < 4 => 10, < 6 => 9, 6 => 2, _ => 5 })
            .Select(i => new Option(((char)((isLower ? 'a' : 'A') + i + (i > 0 ? gap : 0))).ToString(), _random.Next(10) switch
            {
                0 => "the same text",
                1 => "None of the above",
                _ => $"option {index}.{i}\nof two lines",
            })).ToImmutableArray();
        return new Question
        {
            Index = index,
            Text = $"Question {index}?",
            Options = options,
            Key = options[_random.Next(options.Length)].Letter.ToUpperInvariant(),
            Figures = shape >= 2 && _random.Next(2) == 0 ? Figures() : [],
            Tables = shape is 1 or 3 && _random.Next(2) == 0 ? Tables() : [],
        };
    }

    private ImmutableArray<Figure> Figures() => [.. Enumerable.Range(1, _random.Next(1, 3)).Select(n => new Figure
    {
        File = _random.Next(8) switch { 0 => "missing.png", 1 => "unknown.xyz", _ => $"{_random.Next(12)}.png" },
        CaptionPrefix = _random.Next(8) == 0 ? "" : $"Figure {n}",
        Type = Types[_random.Next(Types.Length)],
    })];

    private ImmutableArray<Table> Tables() =>
        [new Table { CaptionPrefix = "Table 1", Caption = "Values", Content = _random.Next(6) == 0 ? "" : "|a|b|\n|1|2|" }];
}
