using System.Security.Cryptography;
using LiveClin.Core.Cases;
using static LiveClin.Core.Tests.Conditions.GeneratedConditions;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>What conditions promise that take away or change what is shown beside the text.</summary>
public sealed class ImageConditionTests
{
    [Fact]
    public void No_images_sends_the_same_text_and_no_image() => Check("no-images", (release, clinicalCase, asked) =>
    {
        var published = release.Published(clinicalCase);
        Assert.Equal(published.Any(turn => turn.Images.Length > 0), asked is not null);
        if (asked is null) return;
        Assert.Equal(published.Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
        Assert.All(asked.Turns, turn => Assert.Empty(turn.Prompt.Images));
        // A question is changed from the first image on: it belongs to the request from then on.
        var first = published.First(turn => turn.Images.Length > 0).QuestionIndex;
        Assert.All(asked.Turns, turn => Assert.Equal(turn.Question.Index >= first, turn.IsChanged));
    });

    [Fact]
    public void Images_missing_says_so_in_place_of_every_heading_and_its_lines() =>
        Check("images-missing", (release, clinicalCase, asked) =>
    {
        var figures = clinicalCase.Figures.Concat(clinicalCase.Questions.SelectMany(question => question.Figures));
        Assert.Equal(figures.Any(figure => Counts(release, figure)), asked is not null);
        if (asked is null) return;
        Assert.All(asked.Turns, turn => Assert.Empty(turn.Prompt.Images));
        if (HasEqualBlocks(release, clinicalCase)) return;
        foreach (var (turn, prompt) in asked.Turns.Zip(release.Published(clinicalCase)))
        {
            var expected = prompt.Text;
            if (turn.Question.Index == 0) expected = Missing(expected, "* Figures:\n" + Lines(release, clinicalCase.Figures));
            expected = Missing(expected, "* Figures:\n" + Lines(release, turn.Question.Figures));
            Assert.Equal(expected, turn.Prompt.Text);
        }

        static string Missing(string text, string block) => block.EndsWith(":\n", StringComparison.Ordinal)
            ? text
            : text[..text.LastIndexOf(block, StringComparison.Ordinal)] + "* Figures: cannot be shown here."
                + text[(text.LastIndexOf(block, StringComparison.Ordinal) + block.Length)..];
    });

    [Fact]
    public void Blank_images_keep_number_and_text() => Check("blank-images", (release, clinicalCase, asked) =>
    {
        if (asked is null) return;
        foreach (var (turn, prompt) in asked.Turns.Zip(release.Published(clinicalCase)))
        {
            Assert.Equal(prompt.Text, turn.Prompt.Text);
            Assert.Equal(prompt.Images.Select(image => image with { IsBlank = true }), turn.Prompt.Images);
        }
    });

    [Fact]
    public void Swapped_images_are_those_of_other_cases_each_once_by_the_smallest_hash() =>
        Check("swapped-images:3", (release, clinicalCase, asked) =>
    {
        if (asked is null) return;
        var own = Sent(release, clinicalCase).ToList();
        var hashes = own.Select(figure => HashOf(release, figure)).ToHashSet();
        var pool = release.Cases.SelectMany(other => Sent(release, other)).ToLookup(figure => HashOf(release, figure));
        var swapped = asked.Turns.SelectMany(turn => turn.Prompt.Images).ToList();
        Assert.Equal(own.Count, swapped.Count);
        var used = new HashSet<string>(hashes);
        for (var place = 0; place < own.Count; place++)
        {
            var left = pool.Where(image => !used.Contains(image.Key)).ToList();
            var alike = left.Where(image => image.Any(figure => Classes(figure).Intersect(Classes(own[place])).Any())).ToList();
            var expected = (alike.Count > 0 ? alike : left)
                .MinBy(image => Hash($"swapped-images:3\n{Name(clinicalCase)}\n{place}\n{image.Key}"), StringComparer.Ordinal)!.Key;
            Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(swapped[place].Path!))));
            used.Add(expected);
        }

        Assert.Equal(release.Published(clinicalCase).Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
    });

    [Fact]
    public void No_tables_leaves_out_tables_and_nothing_else() => Check("no-tables", (release, clinicalCase, asked) =>
    {
        var bare = clinicalCase with
        {
            Tables = [],
            Questions = [.. clinicalCase.Questions.Select(question => question with { Tables = [] })],
        };
        var expected = release.Published(bare);
        Assert.Equal(expected.Zip(release.Published(clinicalCase)).Any(pair => pair.First.Text != pair.Second.Text), asked is not null);
        if (asked is not null) Assert.Equal(expected.Select(turn => turn.Text), asked.Turns.Select(turn => turn.Prompt.Text));
    });

    // Where scenario and first question list the same figures, the text does not tell which block is which.
    private static bool HasEqualBlocks(GeneratedRelease release, Case clinicalCase) =>
        Lines(release, clinicalCase.Figures).Length > 0 && Lines(release, clinicalCase.Questions[0].Figures).Length > 0;

    private static string Lines(GeneratedRelease release, IEnumerable<Figure> figures) =>
        string.Join('\n', figures.Where(figure => Counts(release, figure)).Select(figure => figure.CaptionPrefix));

    private static bool Counts(GeneratedRelease release, Figure figure) =>
        figure.CaptionPrefix is { Length: > 0 } && release.Images.Find(figure.File!) is not null;

    private static IEnumerable<Figure> Sent(GeneratedRelease release, Case clinicalCase) =>
        clinicalCase.Figures.Concat(clinicalCase.Questions.SelectMany(question => question.Figures))
            .Where(figure => Counts(release, figure) && release.Images.Find(figure.File!)!.CanBeSent);

    private static string HashOf(GeneratedRelease release, Figure figure) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(release.Images.Find(figure.File!)!.Path)));

    private static IEnumerable<string> Classes(Figure figure) => Core.Statistics.Labels.ImageModalities(figure.Type!);
}
