using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Testing;

/// <summary>Small releases and runs for tests of what reads a store.</summary>
public static class SampleRuns
{
    /// <summary>A release of two cases with three and two questions; every key is A.</summary>
    public static Release Release { get; } = ReleaseOf(3, 2);

    /// <summary>A release of cases with so many questions each; every key is A.</summary>
    public static Release ReleaseOf(params int[] questions) => new()
    {
        Name = "sample",
        JsonlPath = "/nowhere/sample.jsonl",
        ImageRoot = "/nowhere/images",
        Sha256 = new string('a', 64),
        Cases = [.. questions.Select((count, ordinal) => MakeCase(ordinal, count))],
    };

    /// <summary>A run on <see cref="Release"/>.</summary>
    public static RunInfo Run(string id, string model = "model", RunStatus status = RunStatus.Completed, int? limit = null) => new()
    {
        Id = id,
        Specification = new RunSpecification
        {
            Model = model,
            ApiId = model,
            Endpoint = "http://127.0.0.1:1/v1",
            ReleaseSha256 = Release.Sha256,
            ReleaseName = Release.Name,
            ImageMode = "local",
            ParametersJson = "{\"n\":1}",
        },
        Target = RunTarget.Of(limit),
        Status = status,
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        FinishedAt = status == RunStatus.Running ? null : new DateTimeOffset(2026, 1, 2, 3, 5, 5, TimeSpan.Zero),
        ProgramVersion = "1.2.3",
        Machine = "test machine",
    };

    /// <summary>An answer; without a reply when it failed or was skipped.</summary>
    public static Answer Answer(int ordinal, int question, Outcome outcome, string? reply = null, string? letter = null)
    {
        var failed = outcome is Outcome.Failed or Outcome.NotRun or Outcome.Filtered;
        return new Answer
        {
            CaseOrdinal = ordinal,
            QuestionIndex = question,
            Outcome = outcome,
            Letter = letter ?? outcome switch { Outcome.Correct => "A", Outcome.Wrong => "B", _ => null },
            Rule = outcome is Outcome.Correct or Outcome.Wrong ? ExtractionRule.Boxed : ExtractionRule.None,
            Reply = failed ? null : reply
                ?? outcome switch { Outcome.Correct => "\\boxed{A}", Outcome.Wrong => "\\boxed{B}", _ => "no letter here" },
            ErrorKind = outcome switch { Outcome.Failed => "http_500", Outcome.NotRun => "skipped", Outcome.Filtered => "content_filter",
                _ => null },
            ErrorMessage = failed ? "the reason" : null,
            FinishReason = failed ? null : "stop",
            Usage = new TokenUsage(100, null, 5, null),
            LatencyMs = 12.5,
            Attempts = 1,
            CompletedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 30, TimeSpan.Zero),
        };
    }

    /// <summary>Creates a store with a run that has these answers.</summary>
    public static Task CreateStoreAsync(string path, params (RunInfo Run, Answer[] Answers)[] runs) =>
        CreateStoreAsync(path, Release, runs);

    /// <summary>Creates a store with a release and runs on it that have these answers.</summary>
    public static async Task CreateStoreAsync(string path, Release release, params (RunInfo Run, Answer[] Answers)[] runs)
    {
        await using var store = ResultStore.Open(path);
        await store.WriteAsync(write =>
        {
            write.AddRelease(release);
            foreach (var (run, answers) in runs)
            {
                write.AddRun(run);
                foreach (var answer in answers) write.PutAnswer(run.Id, answer);
            }
        });
    }

    private static Case MakeCase(int ordinal, int questions) => new()
    {
        Ordinal = ordinal,
        Line = ordinal + 1,
        Id = $"{1000 + ordinal}",
        FileName = $"PMC{1000 + ordinal}.json",
        Pmc = $"{1000 + ordinal}",
        Chapter = "Chapter 1",
        Rarity = "1",
        Scenario = $"Scenario {ordinal}",
        Questions = [.. Enumerable.Range(0, questions).Select(MakeQuestion)],
        Json =
            $$$"""{"pmc":"{{{1000 + ordinal}}}","Level1":"Chapter 1","Rarity":1,"exam_creation":{"final_policy":{"scenario":"Scenario {{{ordinal}}}","mcqs":[""" +
            string.Join(',', Enumerable.Range(0, questions)
                .Select(index => $$"""{"stage":"Diagnosis","question":"Question {{index}}","options":{"A":"one","B":"two"},"correct_answer":"A"}""")) +
            "]}}}",
    };

    private static Question MakeQuestion(int index) => new()
    {
        Index = index,
        Stage = "Diagnosis",
        Text = $"Question {index}",
        Options = ImmutableArray.Create(new Option("A", "one"), new Option("B", "two")),
        Key = "A",
    };
}
