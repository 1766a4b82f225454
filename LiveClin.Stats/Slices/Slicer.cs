using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Slices;

/// <summary>Cuts a model's questions into parts.</summary>
public static class Slicer
{
    private const string Unknown = "unknown";

    /// <summary>All parts along one dimension, in the order in which a reader expects them.</summary>
    public static ImmutableArray<Slice> Cut(ResultSet set, ModelResults model, SliceDimension dimension)
    {
        var parts = new Dictionary<string, Part>(StringComparer.Ordinal);
        foreach (var @case in set.Cases)
        {
            if (!model.Covers[@case.Index] || !IsKnown(dimension, @case)) continue;
            for (var i = 0; i < @case.Questions.Length; i++)
            {
                var correct = model.Answers[@case.FirstQuestion + i].IsCorrect;
                foreach (var name in NamesOf(dimension, @case, @case.Questions[i]))
                {
                    if (!parts.TryGetValue(name, out var part)) parts[name] = part = new Part();
                    part.Add(@case.Index, correct);
                }
            }
        }

        var slices = parts.Select(p => new Slice(dimension, p.Key, new Ratio(p.Value.Correct, p.Value.Total), p.Value.Cases,
            Wilson.Interval(new Ratio(p.Value.Correct, p.Value.Total))));
        return [.. Order(dimension, slices)];
    }

    /// <summary>The parts along one dimension that a question belongs to.</summary>
    public static IEnumerable<string> NamesOf(SliceDimension dimension, CaseFacts @case, QuestionFacts question) => dimension switch
    {
        SliceDimension.Chapter => [@case.Chapter ?? Unknown],
        SliceDimension.Subcategory => [@case.Subcategory ?? Unknown],
        SliceDimension.Rarity => [@case.Rarity ?? Unknown],
        SliceDimension.Stage => [Labels.Stage(question.Stage)],
        SliceDimension.Position => ["Q" + (question.Index + 1).ToString(CultureInfo.InvariantCulture)],
        SliceDimension.ImageModality => question.ImageTypes.SelectMany(t => Labels.ImageModalities(t)).Distinct(),
        SliceDimension.TableModality => question.TableTypes.SelectMany(t => Labels.TableModalities(t)).Distinct(),
        SliceDimension.OptionCount => question.Letters.IsEmpty ? [] : [question.Letters.Length.ToString(CultureInfo.InvariantCulture)],
        SliceDimension.Figure => [question.ImageTypes.IsEmpty ? "without figure" : "with figure"],
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, null),
    };

    // Of a damaged case no more is left than, perhaps, what it is about.
    private static bool IsKnown(SliceDimension dimension, CaseFacts clinicalCase) => !clinicalCase.IsDamaged
        || dimension is SliceDimension.Chapter or SliceDimension.Subcategory or SliceDimension.Rarity or SliceDimension.Position;

    private static IEnumerable<Slice> Order(SliceDimension dimension, IEnumerable<Slice> slices) => dimension switch
    {
        SliceDimension.Stage => slices.OrderBy(s => Labels.Stages.IndexOf(s.Name)),
        SliceDimension.Position => slices.OrderBy(s => int.Parse(s.Name.AsSpan(1), CultureInfo.InvariantCulture)),
        SliceDimension.OptionCount => slices.OrderBy(s => int.Parse(s.Name, CultureInfo.InvariantCulture)),
        SliceDimension.Rarity or SliceDimension.Figure => slices.OrderBy(s => s.Name, StringComparer.Ordinal),
        _ => slices.OrderByDescending(s => s.Questions.Total).ThenBy(s => s.Name, Comparer<string>.Create(PythonFormat.Compare)),
    };

    private sealed class Part
    {
        private int _lastCase = -1;

        public int Correct { get; private set; }

        public int Total { get; private set; }

        public int Cases { get; private set; }

        public void Add(int @case, bool correct)
        {
            Total++;
            if (correct) Correct++;
            // Cases come in order, so a new one is seen by its number.
            if (@case != _lastCase) Cases++;
            _lastCase = @case;
        }
    }
}
