using System.Diagnostics;
using System.Globalization;
using System.Text;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Benchmarks.Statistics;

/// <summary>30 models × 1,407 cases from a store of its own: loading, the leaderboard with all intervals and comparisons, the whole report.</summary>
internal static class StatisticsBenchmark
{
    private const int Models = 30, CaseCount = 1407;

    public static async Task<int> RunAsync()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("liveclin-stats-").FullName, "store.db");
        await FillAsync(path);
        Console.WriteLine($"store of {Models} runs on {CaseCount} cases, {new FileInfo(path).Length / 1e6:0} MB");
        await using var store = ResultStore.OpenReadOnly(path);
        for (var round = 1; round <= 3; round++)
        {
            var set = Timed("load", () => StoreSource.Load(store, new RunSelection(), CancellationToken.None));
            var bootstrap = Timed($"cluster bootstrap, {ClusterBootstrap.DefaultResamples} resamples of {set.Models.Length} models", () => ClusterBootstrap.Run(set, set.Models));
            Timed("  of one model", () => ClusterBootstrap.Run(set, [set.Models[0]]));
            Timed("leaderboard: accounts and intervals", () => Leaderboard.Of(set));
            Timed("leaderboard: all pairs, ranks, groups", () => ComparisonTable.Of(set, bootstrap));
            Timed("whole report", () => Report.Of(set, PriceTable.Empty, DateTimeOffset.Now));
        }

        Console.WriteLine($"peak memory {Process.GetCurrentProcess().PeakWorkingSet64 / 1048576} MiB on {Environment.ProcessorCount} cores");
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        return 0;
    }

    private static T Timed<T>(string what, Func<T> work)
    {
        var watch = Stopwatch.StartNew();
        var result = work();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {watch.Elapsed.TotalSeconds,7:0.000} s  {what}"));
        return result;
    }

    private static async Task FillAsync(string path)
    {
        var random = new Random(1);
        var release = MakeRelease(random);
        await using var store = ResultStore.Open(path);
        await store.WriteAsync(write => write.AddRelease(release));
        for (var model = 0; model < Models; model++)
        {
            var run = MakeRun(model, release);
            var skill = 0.3 + (0.5 * model / Models);
            await store.WriteAsync(write =>
            {
                write.AddRun(run);
                foreach (var one in release.Cases)
                {
                    var chance = Math.Clamp(skill + ((random.NextDouble() - 0.5) * 0.5), 0, 1);
                    foreach (var question in one.Questions) write.PutAnswer(run.Id, MakeAnswer(one.Ordinal, question.Index, random.NextDouble() < chance, random));
                }
            });
        }
    }

    private static Release MakeRelease(Random random)
    {
        var cases = Enumerable.Range(0, CaseCount).Select(ordinal =>
        {
            var questions = 3 + (random.Next(10) switch { 0 => 0, < 4 => 1, < 9 => 2, _ => 3 });
            var mcqs = Enumerable.Range(0, questions).Select(i => $$"""{"stage":"Diagnostic Workup","question":"Question {{i}}","options":{"A":"one","B":"two","C":"three"},"correct_answer":"A"}""");
            return new Case
            {
                Ordinal = ordinal, Line = ordinal + 1, Id = $"{ordinal}", FileName = $"PMC{ordinal}.json", Scenario = "s",
                Questions = [.. Enumerable.Range(0, questions).Select(i => new Question { Index = i, Text = "q", Options = [], Key = "A" })],
                Json = $$"""{"pmc":"{{ordinal}}","Level1":"Chapter {{ordinal % 16}}","Rarity":1,"exam_creation":{"final_policy":{"scenario":"s","mcqs":[""" + string.Join(',', mcqs) + "]}}}",
            };
        });
        return new Release { Name = "generated", JsonlPath = "/nowhere", ImageRoot = "/nowhere", Sha256 = new string('0', 64), Cases = [.. cases] };
    }

    private static RunInfo MakeRun(int model, Release release) => new()
    {
        Id = $"run-{model:00}", Status = RunStatus.Completed, StartedAt = DateTimeOffset.UnixEpoch, ProgramVersion = "0", Machine = "benchmark",
        Specification = new RunSpecification
        {
            Model = $"model-{model:00}", ApiId = "m", Endpoint = "http://127.0.0.1:1", ReleaseSha256 = release.Sha256, ReleaseName = release.Name, ImageMode = "local", ParametersJson = "{}",
        },
    };

    private static Answer MakeAnswer(int one, int question, bool correct, Random random)
    {
        var reply = new StringBuilder("The presentation and the figures support this. ").Insert(0, "Considering the findings step by step, ", random.Next(1, 20)).Append(correct ? "\\boxed{A}" : "\\boxed{B}");
        return new Answer
        {
            CaseOrdinal = one, QuestionIndex = question, Outcome = correct ? Outcome.Correct : Outcome.Wrong, Letter = correct ? "A" : "B", Rule = ExtractionRule.Boxed,
            Reply = reply.ToString(), Usage = new TokenUsage(2000, 1500, 200, null), LatencyMs = 1000 * random.NextDouble(), Attempts = 1, CompletedAt = DateTimeOffset.UnixEpoch,
        };
    }
}
