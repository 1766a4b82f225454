using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>Review files in and out of a store.</summary>
public abstract class ReviewsCommandTests(StoreKind kind) : StoreCommands(kind)
{
    [Fact]
    public async Task A_file_goes_in_and_comes_out_and_the_list_says_how_far_reviewers_agree()
    {
        await FillAsync();
        File.WriteAllText(Folder["in.csv"],
            "case,question,holds,by,date\n1000,0,yes,a,2026-11-28\n1000,0,yes,b,2026-11-29\n1000,1,no,a,2026-11-28\n1000,1,no,b,2026-11-28\n1000,2,yes,a,2026-11-28\n1000,2,no,b,2026-11-28\n");
        var taken = await RunAsync("import", Folder["in.csv"]);
        Assert.Equal((0, ""), (taken.ExitCode, taken.Error));
        Assert.Contains("6 verdicts on sample", taken.Output, StringComparison.Ordinal);

        var listed = await RunAsync("list");
        Assert.Matches("none-of-the-above +3 +2 +1 +2 +3 +0[.]444\n", listed.Output);
        Assert.Contains("a and b say the same of 2 of 3 questions (Cohen's kappa 0.400)", listed.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("export", "--output", Folder["out.csv"])).ExitCode);
        var lines = File.ReadAllLines(Folder["out.csv"]);
        Assert.Equal(("case,question,holds,by,date,topic", "1000,0,yes,a,2026-11-28T00:00:00Z,none-of-the-above", 7),
            (lines[0], lines[1], lines.Length));
        Assert.Equal(0, (await RunAsync("import", Folder["out.csv"])).ExitCode);
        Assert.Equal(listed.Output, (await RunAsync("list")).Output);
    }

    [Fact]
    public async Task A_file_with_an_error_changes_nothing_and_without_a_store_none_is_made()
    {
        File.WriteAllText(Folder["in.csv"], "case,question,holds,by,date\n1000,0,yes,a,2026-11-28\n1000,9,yes,a,2026-11-28\n");
        var absent = await RunAsync("import", Folder["in.csv"]);
        Assert.Equal((2, true), (absent.ExitCode, IsAbsent()));
        await FillAsync();
        var wrong = await RunAsync("import", Folder["in.csv"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("in.csv, record 3: question '9' is none of case 1000", wrong.Error, StringComparison.Ordinal);
        await using var store = Place.OpenReadOnly();
        Assert.Empty(store.GetVerdicts(SampleRuns.Release.Sha256));
        Assert.Contains("The store has no release 'other'", (await RunAsync("list", "--release", "other")).Error, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => CommandRunner.RunAsync(["reviews", .. arguments, "--store", Store]);

    private async Task FillAsync()
    {
        await using var store = Place.Open();
        await store.WriteAsync(write =>
        {
            write.AddRelease(SampleRuns.Release);
            write.AddRun(SampleRuns.Run("r"));
        });
    }
}

/// <summary>On a file.</summary>
public sealed class ReviewsCommandOnFileTests() : ReviewsCommandTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class ReviewsCommandInDatabaseTests() : ReviewsCommandTests(StoreKind.Postgres);
