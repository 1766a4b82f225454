using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;

namespace LiveClin.Benchmarks.Statistics;

/// <summary>
/// A result store of the size of the published benchmark: 30 models × 1,407 cases × about 6,500 questions, texts as long as real ones.
/// </summary>
internal static class GeneratedStore
{
    public const int Models = 30, CaseCount = 1407;
    private static readonly string[] Stages = ["Initial Assessment", "Diagnostic Workup", "Treatment Planning", "Follow-up and Prognosis"];
    private static readonly string[] Modalities = ["CT", "MRI", "X-ray", "Histopathology", "Clinical photograph", "Ultrasound"];
    private static readonly string[] Letters = ["A", "B", "C", "D", "E"];

    /// <summary>The conditions of a controlled store: those of the standard set and two more.</summary>
    public static readonly string[] Conditions =
        [.. Condition.Standard.Where(condition => !condition.IsPublished).Select(condition => condition.Name), "blank-images",
            "wrong-history:1"];

    /// <summary>Writes the store.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="epochs">How often each model was asked.</param>
    /// <param name="conditions">Conditions that every model is asked under, too.</param>
    public static Task FillAsync(string path, int epochs = 1, params IReadOnlyList<string> conditions) =>
        FillAsync(path, Models, CaseCount, epochs, conditions);

    /// <summary>Writes a store of another size.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="models">Number of models.</param>
    /// <param name="cases">Number of cases.</param>
    /// <param name="epochs">How often each model was asked.</param>
    /// <param name="conditions">Conditions that every model is asked under, too.</param>
    public static async Task FillAsync(string path, int models, int cases, int epochs, IReadOnlyList<string> conditions)
    {
        var random = new Random(1);
        var release = MakeRelease(random, cases);
        await using var store = ResultStore.Open(path);
        await store.WriteAsync(write => write.AddRelease(release));
        for (var model = 0; model < models; model++)
        {
            var run = MakeRun(model, release, epochs);
            var skill = 0.3 + (0.5 * model / models);
            await store.WriteAsync(write =>
            {
                write.AddRun(run);
                foreach (var clinicalCase in release.Cases)
                {
                    var chance = Math.Clamp(skill + ((random.NextDouble() - 0.5) * 0.5), 0, 1);
                    for (var epoch = 1; epoch <= epochs; epoch++)
                        foreach (var question in clinicalCase.Questions)
                            write.PutAnswer(run.Id, MakeAnswer(clinicalCase.Ordinal, question, random.NextDouble() < chance, random) with
                            {
                                Epoch = epoch,
                            });
                }
            });
            foreach (var condition in conditions)
                await store.WriteAsync(write => PutCondition(write, run, condition, release, skill, random));
        }
    }

    // A condition costs every model a few points, another one each.
    private static void PutCondition(StoreTransaction write, RunInfo published, string condition, Release release, double skill,
        Random random)
    {
        var run = published with
        {
            Id = $"{published.Id}-{condition}",
            Specification = published.Specification with { Condition = condition },
        };
        var isShuffled = condition.StartsWith("shuffled", StringComparison.Ordinal);
        write.AddRun(run);
        write.PutRunCases(run.Id,
            release.Cases.Select(@case => new RunCase(@case.Ordinal, new string('0', 64), [.. @case.Questions.Select(question =>
            new RunQuestion(true, isShuffled
                ? LetterMap.Lettered([.. Letters.Skip((@case.Ordinal + question.Index) % 5),
                .. Letters.Take((@case.Ordinal + question.Index) % 5)]) : LetterMap.Identity))])));
        foreach (var @case in release.Cases)
            foreach (var question in @case.Questions)
                write.PutAnswer(run.Id, MakeAnswer(@case.Ordinal, question, random.NextDouble() < skill - 0.05, random));
    }

    /// <summary>Name of a model.</summary>
    public static string ModelName(int model) => $"model-{model:00}";

    private static Release MakeRelease(Random random, int count)
    {
        var cases = Enumerable.Range(0, count).Select(ordinal => MakeCase(ordinal, random));
        return new Release
        {
            Name = "generated",
            JsonlPath = "/nowhere/generated.jsonl",
            ImageRoot = "/nowhere",
            Sha256 = new string('0', 64),
            Cases = [.. cases],
        };
    }

    private static Case MakeCase(int ordinal, Random random)
    {
        var questions = 3 + (random.Next(10) switch { 0 => 0, < 4 => 1, < 9 => 2, _ => 3 });
        var keys = Enumerable.Range(0, questions).Select(_ => Letters[random.Next(Letters.Length)]).ToArray();
        var (scenario, chapter, title) = (Prose(random, 250), $"Chapter {ordinal % 16 + 1}: Diseases of part {ordinal % 16 + 1}",
            $"Case {ordinal} of a rare disease of part {ordinal % 16 + 1}");
        var json = new JsonObject
        {
            ["pmc"] = $"{ordinal}", ["title"] = title, ["Level1"] = chapter, ["Level2"] = $"Subcategory {ordinal % 72}",
            ["Rarity"] = ordinal % 2,
            ["exam_creation"] = new JsonObject { ["final_policy"] = new JsonObject
            {
                ["scenario"] = scenario,
                ["mcqs"] = new JsonArray([.. keys.Select((key, i) => new JsonObject
                {
                    ["stage"] = Stages[i % Stages.Length], ["question"] = Prose(random, 60),
                    ["options"] = new JsonObject(Letters.Select(letter => KeyValuePair.Create(letter, (JsonNode?)Prose(random, 12)))),
                    ["correct_answer"] = key,
                    ["image_details"] = i % 2 == 0
                        ? new JsonArray(new JsonObject { ["image_id"] = "Figure 1", ["type"] = Modalities[random.Next(Modalities.Length)],
                        ["file"] = "figure.png" }) : new JsonArray(),
                })]),
            } },
        };
        return new Case
        {
            Ordinal = ordinal, Line = ordinal + 1, Id = $"{ordinal}", FileName = $"PMC{ordinal}.json", Scenario = scenario,
            Json = json.ToJsonString(),
            Questions = [.. keys.Select((key, i) => new Question { Index = i, Text = "q", Options = [], Key = key })],
        };
    }

    private static RunInfo MakeRun(int model, Release release, int epochs) => new()
    {
        Target = RunTarget.Of(null, epochs),
        Id = $"run-{model:00}", Status = RunStatus.Completed, StartedAt = DateTimeOffset.UnixEpoch,
        FinishedAt = DateTimeOffset.UnixEpoch.AddHours(1), ProgramVersion = "0", Machine = "benchmark",
        Specification = new RunSpecification
        {
            Model = ModelName(model), ApiId = "m", Endpoint = "http://127.0.0.1:1", ReleaseSha256 = release.Sha256,
            ReleaseName = release.Name, ImageMode = "local", ParametersJson = "{}",
        },
    };

    private static Answer MakeAnswer(int @case, Question question, bool correct, Random random)
    {
        var letter = correct
            ? question.Key : Letters[(Array.IndexOf(Letters, question.Key) + 1 + random.Next(Letters.Length - 1)) % Letters.Length];
        return new Answer
        {
            CaseOrdinal = @case, QuestionIndex = question.Index, Outcome = correct ? Outcome.Correct : Outcome.Wrong, Letter = letter,
            Rule = ExtractionRule.Boxed,
            Reply = $"{Replies[random.Next(Replies.Length)]} \\boxed{{{letter}}}", FinishReason = "stop",
            Usage = new TokenUsage(2000, 1500, 200, null), LatencyMs = 1000 * random.NextDouble(), Attempts = 1,
            CompletedAt = DateTimeOffset.UnixEpoch.AddSeconds(@case),
        };
    }

    private static readonly string[] Words =
        "the patient presented with a history of fever cough and weight loss laboratory findings showed elevated markers imaging revealed lesion biopsy confirmed diagnosis treatment was started".Split(' ');

    // Some of each length; two million different ones would take longer than all that is measured.
    private static readonly string[] Replies = [.. Enumerable.Range(0, 560).Select(i => Prose(new Random(i), 20 + (i / 2)))];

    private static string Prose(Random random, int words)
    {
        var text = new StringBuilder();
        for (var i = 0; i < words; i++) text.Append(i == 0 ? "" : " ").Append(Words[random.Next(Words.Length)]);
        return text.Append('.').ToString();
    }
}
