using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>reviews</c>: what reviewers say of questions, in and out of the store, and how far they agree.</summary>
internal static class ReviewsCommand
{
    private static readonly Option<string?> Release = new("--release")
    {
        Description = "The release, by name or SHA-256; needed where the store has several.", HelpName = "NAME", Recursive = true,
    };

    public static Command Create() => new(
        "reviews", "Keeps what reviewers say of questions: whether none-of-the-above leaves them fair, whether keys are right. No published score changes.")
    {
        Release, CreateImport(), CreateExport(), CreateList(),
    };

    private static Command CreateImport()
    {
        var file = new Argument<string>("FILE.csv")
        {
            Description = "Columns case, question (from 0), holds (yes or no), by, date and, if wanted, topic.",
        };
        var command = new Command("import",
            "Takes a review file into the store. Of two verdicts of one reviewer on a question the later one stays.") { file };
        command.SetAction((parsed, _) => CommandErrors.GuardAsync(parsed, async output =>
        {
            var path = parsed.GetValue(file)!;
            await using var store = RunsCommand.OpenExisting(parsed);
            var release = RequireRelease(store, parsed);
            var verdicts = Read(path, store, release);
            await store.WriteAsync(write =>
            {
                foreach (var verdict in verdicts) write.PutVerdict(release.Sha256, verdict);
            });
            output.WriteLine(RunText.Safe($"{verdicts.Count} verdicts on {release.Name} from {path}."));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command CreateExport()
    {
        var output = new Option<string>("--output") { Description = "The file to write.", HelpName = "FILE.csv", Required = true };
        var command = new Command("export", "Writes all verdicts on a release as a review file.") { output };
        command.SetAction((parsed, _) => CommandErrors.GuardAsync(parsed, async console =>
        {
            await using var store = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var release = RequireRelease(store, parsed);
            var verdicts = store.GetVerdicts(release.Sha256);
            string[] ids = [.. store.GetCases(release.Sha256).Select(each => each.Id)];
            AtomicFile.Write(Path.GetFullPath(parsed.GetValue(output)!), stream => ReviewFile.Write(stream, verdicts, ids));
            console.WriteLine(RunText.Safe($"{verdicts.Count} verdicts on {release.Name} in {parsed.GetValue(output)}."));
            return ExitCodes.Success;
        }));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list",
            "Shows by topic how many questions were reviewed and do not hold, by whom, and how far reviewers agree.");
        command.SetAction((parsed, _) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var store = ResultStore.OpenReadOnly(parsed.GetValue(CommonOptions.Store)!);
            var verdicts = store.GetVerdicts(RequireRelease(store, parsed).Sha256);
            var table = new TextTable("TOPIC", "REVIEWED", "DO NOT HOLD", "DISPUTED", "REVIEWERS", "BY TWO OR MORE", "ALPHA");
            foreach (var topic in Enum.GetValues<ReviewTopic>())
            {
                var (review, agreement) = (Review.Of(topic, verdicts), Agreement.Of(topic, verdicts));
                table.Add(topic.Name(), $"{review.Reviewed}", $"{review.Failed}", $"{review.Disputed}", $"{review.Reviewers.Count}",
                    $"{agreement.Units}", Number(agreement.Alpha));
            }

            table.Write(output);
            foreach (var topic in Enum.GetValues<ReviewTopic>()) WritePairs(topic, Agreement.Of(topic, verdicts), output);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static void WritePairs(ReviewTopic topic, Agreement agreement, TextWriter output)
    {
        foreach (var pair in agreement.Pairs)
        {
            output.WriteLine(RunText.Safe(
                $"{topic.Name()}: {pair.First} and {pair.Second} say the same of {pair.Agreed} of {pair.Units} questions (Cohen's kappa {Number(pair.Kappa)})"));
        }
    }

    private static IReadOnlyList<Verdict> Read(string path, ResultStore store, StoredRelease release)
    {
        var counts = store.QuestionCounts(release.Sha256);
        // Of cases that share an identifier the first is meant.
        var questions = store.GetCases(release.Sha256).DistinctBy(each => each.Id, StringComparer.Ordinal)
            .ToDictionary(each => each.Id, each => (each.Ordinal, counts[each.Ordinal]), StringComparer.Ordinal);
        using var stream = RegularFile.OpenRead(path);
        try
        {
            return ReviewFile.Read(stream, path, questions);
        }
        catch (InvalidDataException error)
        {
            throw new CommandException(error.Message);
        }
    }

    private static StoredRelease RequireRelease(ResultStore store, ParseResult parsed)
    {
        var releases = store.ListReleases();
        var wanted = parsed.GetValue(Release);
        var found = releases.Where(each => wanted is null || each.Sha256 == wanted
            || string.Equals(each.Name, wanted, StringComparison.OrdinalIgnoreCase)).ToList();
        if (found is [var release]) return release;
        var known = string.Join(", ", releases.Select(each => $"{each.Name} ({each.Sha256})"));
        throw new CommandException(found.Count == 0
            ? $"The store has no release{(wanted is null ? "" : $" '{wanted}'")}; there are: {(known.Length > 0 ? known : "none")}."
            : $"Name one release with --release: {known}.");
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("0.000", CultureInfo.InvariantCulture);
}
