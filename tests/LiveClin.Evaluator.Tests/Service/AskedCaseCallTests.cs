using System.Security.Cryptography;
using System.Text.Json;
using Grpc.Core;
using LiveClin.Core.Conditions;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>What a run asked of a case is put together again as it was sent.</summary>
public abstract class AskedCaseCallTests(StoreKind kind) : RunCalls(kind)
{
    private const int Limit = 3;

    [Theory]
    [InlineData("published")]
    [InlineData("shuffled:2")]
    [InlineData("no-images")]
    [InlineData("images-missing")]
    [InlineData("blank-images")]
    [InlineData("swapped-images:1")]
    [InlineData("no-case")]
    [InlineData("choices-only")]
    [InlineData("gold-history")]
    [InlineData("single-turn")]
    [InlineData("rotated:1+images-missing+none-of-the-above+wrong-history:3")]
    public async Task Texts_images_and_history_are_those_that_the_server_got(string condition)
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var run = await RunAsync(server, condition);
        var shown = new List<string>();
        foreach (var each in (
            await Evaluator.Client.ListRunCasesAsync(new ListRunCasesRequest { RunId = run.Id }, cancellationToken: Cancellation)).Cases)
        {
            var asked = await AskedAsync(run, each.CaseOrdinal);
            Assert.Equal((condition, condition != "published", condition != "published"),
                (asked.Condition, asked.HasAsRecorded, asked.AsRecorded));
            foreach (var turn in asked.Turns)
            {
                var before = asked.Apart ? [] : asked.Turns.Take(turn.QuestionIndex);
                shown.Add(string.Join("\n--\n",
                    [.. before.SelectMany(earlier =>
                        (string[])[Sent(earlier), earlier.HasForcedReply ? earlier.ForcedReply : "\\boxed{A}"]), Sent(turn)]));
            }
        }

        Assert.NotEmpty(shown);
        Assert.Equal(server.Calls.Select(Describe).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));

        string Sent(V1.AskedTurn turn) => turn.Text + "\n" + string.Join(' ', turn.Images.Select(HashAsSent));
    }

    [Fact]
    public async Task The_order_of_letters_is_told_as_shown_and_as_in_the_release()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var published = await RunAsync(server, "published");
        var shuffled = await RunAsync(server, "shuffled:1");
        var (plain, other) = ((await AskedAsync(published, 0)).Turns[0], (await AskedAsync(shuffled, 0)).Turns[0]);
        Assert.Empty(plain.PublishedLetters);
        Assert.Equal(plain.Options.Count, other.PublishedLetters.Count);
        var texts = plain.Options.ToDictionary(option => option.Letter, option => option.Text);
        Assert.Equal(other.Options.Select(option => option.Text), other.PublishedLetters.Select(letter => texts[letter]));
        Assert.Equal(plain.Key, other.PublishedLetters[other.Options.ToList().FindIndex(option => option.Letter == other.Key)]);
        Assert.Equal((false, true), (plain.Changed, other.Changed));
    }

    [Fact]
    public async Task Outcomes_in_columns_are_the_stored_answers()
    {
        await using var server = await FakeModelServer.StartAsync(call => call.LastText.Length % 3 == 0
            ? "no letter at all" : "\\boxed{B}");
        var run = await RunAsync(server, "shuffled:1");
        var columns = await Evaluator.Client.GetOutcomesAsync(new GetOutcomesRequest { RunId = run.Id }, cancellationToken: Cancellation);
        var answers = new List<Answer>();
        using var call = Evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { run.Id } }, cancellationToken: Cancellation);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(Cancellation)) answers.AddRange(batch.Answers);
        Assert.Equal(
            answers.Select(answer => (answer.CaseOrdinal, answer.QuestionIndex, answer.Outcome, answer.HasLetter ? answer.Letter : "-",
                answer.HasReply)).Order(),
            columns.CaseOrdinals.Select((ordinal, i) =>
                (ordinal, columns.QuestionIndices[i], columns.Outcomes[i], columns.Letters[i].ToString(), columns.Replied[i])).Order());
        Assert.True(columns.Outcomes.Distinct().Count() > 1);
        Assert.Empty(columns.LaterEpochs);
    }

    [Fact]
    public async Task Outcomes_of_later_epochs_come_when_they_are_asked_for()
    {
        await using var server = await FakeModelServer.StartAsync(call => call.LastText.Length % 3 == 0
            ? "no letter at all" : "\\boxed{B}");
        var run = await RunAsync(server, "shuffled:1", epochs: 3);
        var request = new GetOutcomesRequest { RunId = run.Id, WithLaterEpochs = true };
        var columns = await Evaluator.Client.GetOutcomesAsync(request, cancellationToken: Cancellation);
        Assert.Equal([2, 3], columns.LaterEpochs.Select(epoch => epoch.Epoch));
        // The server says the same each time, so that every epoch is the first one again.
        foreach (var epoch in columns.LaterEpochs)
            Assert.Equal((columns.CaseOrdinals, columns.QuestionIndices, columns.Outcomes),
                (epoch.CaseOrdinals, epoch.QuestionIndices, epoch.Outcomes));
    }

    [Fact]
    public async Task What_was_not_asked_or_has_changed_since_is_said()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(Demo)!, "*", SearchOption.AllDirectories))
        {
            var copy = folder[Path.GetRelativePath(Path.GetDirectoryName(Demo)!, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        (request.Condition, request.Limit, request.Release) = ("images-missing", Limit, new ReleaseSource
        {
            JsonlPath = folder["demo.jsonl"],
        });
        var run = await WaitForEndAsync((await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
        var ordinal = (await Evaluator.Client.ListRunCasesAsync(new ListRunCasesRequest { RunId = run.Id },
            cancellationToken: Cancellation)).Cases[0].CaseOrdinal;
        Assert.True((await AskedAsync(run, ordinal)).AsRecorded);
        // Without its images a figure counts no more: nothing is left of what the condition changed, and so of what was asked.
        foreach (var image in Directory.EnumerateFiles(folder[""], "*.png", SearchOption.AllDirectories)) File.Delete(image);
        var gone = await Assert.ThrowsAsync<RpcException>(() => AskedAsync(run, ordinal));
        Assert.Equal(StatusCode.FailedPrecondition, gone.StatusCode);
        Assert.Contains("images are not where they were", gone.Status.Detail, StringComparison.Ordinal);
        var outside = await Assert.ThrowsAsync<RpcException>(() => AskedAsync(run, 9999));
        Assert.Equal(StatusCode.InvalidArgument, outside.StatusCode);
    }

    private async Task<Run> RunAsync(FakeModelServer server, string condition, int epochs = 1)
    {
        var request = Request(server);
        (request.Condition, request.Limit, request.Epochs, request.IdempotencyKey) = (condition, Limit, epochs, condition);
        return await WaitForEndAsync((await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
    }

    private async Task<AskedCase> AskedAsync(Run run, int ordinal) =>
        (await Evaluator.Client.GetAskedCaseAsync(new GetAskedCaseRequest { RunId = run.Id, CaseOrdinal = ordinal },
            cancellationToken: Cancellation)).Case;

    private static string HashAsSent(AskedImage image) =>
        image.Blank ? Convert.ToHexStringLower(SHA256.HashData(BlankImage.Encode(image.Width, image.Height))) : image.Sha256;

    // A request message by message: texts, images by hash, replies.
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

/// <summary>On a file.</summary>
public sealed class AskedCaseCallOnFileTests() : AskedCaseCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class AskedCaseCallInDatabaseTests() : AskedCaseCallTests(StoreKind.Postgres);
