using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Verdicts through the contract.</summary>
public abstract class VerdictCallTests(StoreKind kind) : RunCalls(kind)
{
    [Fact]
    public async Task Verdicts_are_kept_and_taken_back_and_what_is_wrong_names_its_field()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        request.Limit = 1;
        var run = await WaitForEndAsync((await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
        var release = run.ReleaseSha256;
        var given = new Verdict
        {
            Topic = ReviewTopic.Key, CaseOrdinal = 1, QuestionIndex = 2, Holds = true, By = "a",
            At = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero)),
        };
        await Evaluator.Client.PutVerdictsAsync(new PutVerdictsRequest { ReleaseSha256 = release, Verdicts = { given } },
            cancellationToken: Cancellation);
        Assert.Equal([given], (await ListAsync()).Verdicts);

        var wrong = await Assert.ThrowsAsync<RpcException>(async () => await Evaluator.Client.PutVerdictsAsync(
            new PutVerdictsRequest
            {
                ReleaseSha256 = release,
                Verdicts = { given, new Verdict { CaseOrdinal = 99, By = "a" }, new Verdict { QuestionIndex = 99 } },
            },
            cancellationToken: Cancellation));
        Assert.Equal(StatusCode.InvalidArgument, wrong.StatusCode);
        Assert.All((string[])["verdicts[1].case_ordinal", "verdicts[2].question_index", "verdicts[2].by"], field =>
            Assert.Contains(field, wrong.Status.Detail, StringComparison.Ordinal));

        await Evaluator.Client.PutVerdictsAsync(new PutVerdictsRequest { ReleaseSha256 = release, Removed = { given } },
            cancellationToken: Cancellation);
        Assert.Empty((await ListAsync()).Verdicts);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ListVerdictsAsync(new ListVerdictsRequest { ReleaseSha256 = "x" }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);

        async Task<ListVerdictsResponse> ListAsync() =>
            await Evaluator.Client.ListVerdictsAsync(new ListVerdictsRequest { ReleaseSha256 = release }, cancellationToken: Cancellation);
    }
}

/// <summary>On a file.</summary>
public sealed class VerdictCallOnFileTests() : VerdictCallTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class VerdictCallInDatabaseTests() : VerdictCallTests(StoreKind.Postgres);
