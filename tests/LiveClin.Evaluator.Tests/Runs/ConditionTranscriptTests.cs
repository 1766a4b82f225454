using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Exchange;
using LiveClin.Core.Formats;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>
/// What arrives at the server under each condition, on the demo and on the published demo where it lies beside the repository.
/// </summary>
public sealed class ConditionTranscriptTests
{
    private static readonly string[] Conditions =
    [
        "shuffled:1", "shuffled:2", "rotated:3", "no-images", "images-missing", "blank-images", "swapped-images:2", "no-tables", "no-case",
        "choices-only",
        "none-of-the-above", "gold-history", "wrong-history:1", "single-turn", "shuffled:2+no-images", "no-case+single-turn",
        "rotated:1+images-missing+no-tables+none-of-the-above+wrong-history:3",
    ];

    public static TheoryData<GoldenSet, string> Sets() => new(
        from set in SharedData.IsPresent ? (GoldenSet[])[GoldenSet.OwnDemo, GoldenSet.PublishedDemo] : [GoldenSet.OwnDemo]
        from condition in Conditions
        select (set, condition));

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Requests_letters_and_scores_are_those_of_the_condition(GoldenSet set, string condition)
    {
        var (release, asked) = await ExpectedAsync(set, condition);
        // A model that knows everything: each question's key, in the letters that it is shown.
        var keys = asked.SelectMany(each => each.Turns).GroupBy(turn => turn.Prompt.Text)
            .ToDictionary(same => same.Key, same => same.First().Question.Key);
        await using var server = await FakeModelServer.StartAsync(call => $"\\boxed{{{keys[call.LastText]}}}");
        await using var evaluator = new EvaluatorHarness();
        var (run, answers) = await evaluator.RunAsync(Request(server, set, condition));

        Assert.Equal((RunStatus.Completed, condition), (run.Status, run.Specification.Condition));
        var expected = asked.SelectMany(each => each.Turns.Select(turn => Expect(each, turn))).ToList();
        Assert.Equal(expected.Order(StringComparer.Ordinal), server.Calls.Select(Describe).Order(StringComparer.Ordinal));
        // Right as shown is right as published: the letter stands in the release's order beside the one that was said.
        Assert.Equal(expected.Count, answers.Count);
        foreach (var answer in answers)
        {
            var turn = asked.Single(each => each.Case.Ordinal == answer.CaseOrdinal).Turns[answer.QuestionIndex];
            var key = release.Cases[answer.CaseOrdinal].Questions[answer.QuestionIndex].Key;
            Assert.Equal((Outcome.Correct, key, turn.Question.Key), (answer.Outcome, answer.Letter, answer.ShownLetter));
        }

        var tally = evaluator.Store.Tally(run);
        Assert.Equal((asked.Count, asked.Count, asked.Count, false),
            (tally.Cases, tally.CasesInRelease, tally.CasesCorrect, tally.IsPartial));
        var recorded = evaluator.Store.GetRunCases(run.Id);
        Assert.Equal(asked.Select(each => (each.Case.Ordinal, each.Hash)), recorded.Values.Select(each => (each.Ordinal, each.Hash)));
        Assert.Equal(asked.SelectMany(each => each.Turns).Select(turn => turn.IsChanged),
            recorded.Values.SelectMany(each => each.Questions).Select(question => question.IsChanged));

        // The same again asks nothing; exports are right under the release's key.
        await evaluator.RunAsync(Request(server, set, condition));
        Assert.Equal(expected.Count, server.Calls.Count);
        var v1 = RunExporter.ToV1(RunResults.Load(evaluator.Store, run));
        Assert.All(v1.Cases.SelectMany(each => each.Mcqs),
            mcq => Assert.True(mcq.IsCorrect && mcq.ExtractedAnswer == mcq.CorrectAnswer.ToUpperInvariant()));
        Assert.Equal(asked.Count, v1.Cases.Length);
    }

    [Theory]
    [InlineData("gold-history")]
    [InlineData("single-turn")]
    [InlineData("choices-only")]
    [InlineData("wrong-history")]
    public async Task Where_no_question_depends_on_a_reply_a_failure_ends_no_case_and_is_asked_again_alone(string condition)
    {
        var failing = true;
        var (_, asked) = await ExpectedAsync(GoldenSet.OwnDemo, condition);
        var victim = asked[0].Turns[1].Prompt.Text;
        await using var server = await FakeModelServer.StartAsync((call, context) => Volatile.Read(ref failing) && call.LastText == victim
            ? FakeModelServer.WriteAsync(context, 400, "no")
            : FakeModelServer.ReplyAsync(context, "no letter at all"));
        await using var evaluator = new EvaluatorHarness();
        var request = Request(server, GoldenSet.OwnDemo, condition) with { Target = RunTarget.Of(asked[0].Case.Ordinal + 1) };
        var (ended, answers) = await evaluator.RunAsync(request);
        Assert.Equal(RunStatus.EndedWithFailures, ended.Status);
        Assert.Equal([1], answers.Where(answer => answer.Reply is null).Select(answer => answer.QuestionIndex));
        var calls = server.Calls.Count;
        Volatile.Write(ref failing, false);
        var (completed, _) = await evaluator.RunAsync(request);
        Assert.Equal((RunStatus.Completed, calls + 1, ended.Id), (completed.Status, server.Calls.Count, completed.Id));
    }

    [Fact]
    public async Task Letters_are_found_as_shown_and_one_that_is_not_shown_is_no_option_of_the_release()
    {
        var (release, asked) = await ExpectedAsync(GoldenSet.OwnDemo, "shuffled:1");
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{C}");
        await using var evaluator = new EvaluatorHarness();
        var (run, answers) = await evaluator.RunAsync(Request(server, GoldenSet.OwnDemo, "shuffled:1"));
        foreach (var answer in answers)
        {
            var turn = asked.Single(each => each.Case.Ordinal == answer.CaseOrdinal).Turns[answer.QuestionIndex];
            Assert.Equal(("C", turn.Letters.ToPublished("C")), (answer.ShownLetter, answer.Letter));
            Assert.Equal(answer.Letter == release.Cases[answer.CaseOrdinal].Questions[answer.QuestionIndex].Key, answer.IsCorrect);
        }

        Assert.InRange(answers.Count(answer => answer.Letter != answer.ShownLetter), 20, 80);
        var rescored = Imports.Rescoring.Find(RunResults.Load(evaluator.Store, run), ExtractionProtocol.Core);
        Assert.Empty(rescored);
    }

    [Fact]
    public async Task A_core_folder_holds_what_was_sent()
    {
        using var folder = new TemporaryFolder();
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = new EvaluatorHarness();
        var (run, _) = await evaluator.RunAsync(Request(server, GoldenSet.OwnDemo, "shuffled:2+no-images"));
        CoreExport.Write(evaluator.Store, RunResults.Load(evaluator.Store, run), folder[""], TestContext.Current.CancellationToken);
        var written = CoreFolder.ReadCases(folder[""], TestContext.Current.CancellationToken).SelectMany(result => result.Case!.Questions)
            .SelectMany(question => question.Entries).ToList();
        Assert.Equal(server.Calls.Select(call => call.LastText).Order(StringComparer.Ordinal),
            written.Select(entry => entry.Prompt!).Order(StringComparer.Ordinal));
        Assert.All(written, entry => Assert.Empty(entry.ImagePathsSent));
    }

    private static async Task<(Release Release, IReadOnlyList<ConditionedCase> Asked)> ExpectedAsync(GoldenSet set, string condition)
    {
        var release = await ReleaseReader.ReadAsync(
            ReleaseLocation.FromFile(set.Jsonl(), set.Images()), new ReleaseOptions(), TestContext.Current.CancellationToken);
        var conditioned = new ConditionedRelease(Condition.Parse(condition), release.Cases, ImageMode.Local,
            new ImageResolver(release.ImageRoot).Find);
        return (release, [.. release.Cases.Select(conditioned.Find).OfType<ConditionedCase>()]);
    }

    private static LiveClin.Evaluator.Runs.RunRequest Request(FakeModelServer server, GoldenSet set, string condition) =>
        EvaluatorHarness.Request(server, new ReleaseRequest(JsonlPath: set.Jsonl(), ImageRoot: set.Images())) with
        {
            Condition = Condition.Parse(condition),
        };

    // What the request for a question must say, message by message: texts, images by hash, replies.
    private static string Expect(ConditionedCase asked, AskedTurn turn)
    {
        var history = asked.IsApart ? [] : asked.Turns.Take(turn.Question.Index).ToImmutableArray();
        return string.Join("\n--\n",
            [.. history.SelectMany(before => (string[])[User(before), before.ForcedReply ?? $"\\boxed{{{before.Question.Key}}}"]),
            User(turn)]);

        static string User(AskedTurn turn) => turn.Prompt.Text + "\n" + string.Join(' ', turn.Prompt.Images.Select(image => HashOf(image)));
    }

    private static string HashOf(PromptImage image)
    {
        var bytes = File.ReadAllBytes(image.Path!);
        var sent = image.IsBlank && PixelSize.Read(bytes) is { } size ? BlankImage.Encode(size.Width, size.Height) : bytes;
        return Convert.ToHexStringLower(SHA256.HashData(sent));
    }

    private static string Describe(ChatCall call) => string.Join("\n--\n", call.Messages.Select(message =>
    {
        var content = message.GetProperty("content");
        if (content.ValueKind == JsonValueKind.String) return content.GetString();
        var images = content.EnumerateArray().Skip(1).Select(part => part.GetProperty("image_url").GetProperty("url").GetString()!)
            .Select(uri => Convert.ToHexStringLower(
                SHA256.HashData(Convert.FromBase64String(uri[(uri.IndexOf(',', StringComparison.Ordinal) + 1)..]))));
        return content[0].GetProperty("text").GetString() + "\n" + string.Join(' ', images);
    }));
}
