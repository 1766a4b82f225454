using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Conditions;

/// <summary>
/// Images of other cases in the places of a case's own, of the same class of modality where there is one: of those that occur nowhere in
/// this case and are not yet used in it, the one with the smallest hash of <c>swapped-images:SEED\nCASE\nPLACE\nSHA-256</c>.
/// </summary>
internal static class ImageSwap
{
    /// <summary>The case with other images; null when there is none for one of its places.</summary>
    public static ShownCase? Apply(ShownCase shown, int seed, ConditionContext context)
    {
        var pool = context.Pool;
        var swap = new Swap(pool, shown, string.Create(CultureInfo.InvariantCulture, $"swapped-images:{seed}"));
        var swapped = shown with { Case = shown.Case with { Figures = swap.Replace(shown.Case.Figures) } };
        swapped = swapped.WithQuestions(question => question with { Figures = swap.Replace(question.Figures) });
        return swap.IsShort ? null : swapped;
    }

    // The images of one case, taken one after the other.
    private sealed class Swap(ImagePool pool, ShownCase shown, string head)
    {
        private readonly HashSet<string> _taken = [.. ImagePool.AllFigures(shown.Case).Select(pool.HashOf).OfType<string>()];
        private int _place;

        public bool IsShort { get; private set; }

        public ImmutableArray<Figure> Replace(ImmutableArray<Figure> figures) => [.. figures.Select(Replace)];

        private Figure Replace(Figure figure)
        {
            if (pool.HashOf(figure) is null) return figure; // not sent: its line alone stands
            var place = (_place++).ToString(CultureInfo.InvariantCulture);
            var left = pool.Images.Where(image => !_taken.Contains(image.Sha256)).ToList();
            var classes = ImagePool.ModalitiesOf(figure);
            var alike = left.Where(image => classes.Any(image.Modalities.Contains)).ToList();
            if ((alike.Count > 0 ? alike : left)
                .MinBy(image => SeededOrder.Of(head, shown.Name, place, image.Sha256), StringComparer.Ordinal) is not { } other)
            {
                IsShort = true;
                return figure;
            }

            _taken.Add(other.Sha256);
            return figure with { File = other.File };
        }
    }
}
