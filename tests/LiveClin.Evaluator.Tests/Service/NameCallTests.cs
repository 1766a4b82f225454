using Google.Rpc;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Names that steer or hide: one rule refuses them, whatever they name.</summary>
public sealed class NameCallTests : RunCalls
{
    public static TheoryData<string> Names => ["a\0b", "\u001b[31mred", "a\u202eb", "a\u009bb", " "];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_that_steers_or_hides_is_an_invalid_argument_wherever_it_stands(string name)
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var run = await RunToEndAsync();
        var client = Evaluator.Client;
        await AssertStartAsync("release.name", request => request.Release = new ReleaseSource { Name = name });
        await AssertStartAsync("model.name", request => request.Model.Name = name);
        await AssertStartAsync("model.api_id", request => request.Model.ApiId = name);
        var release = new ValidateReleaseRequest { Release = new ReleaseSource { Name = name } };
        await AssertInvalidAsync("release.name", () => client.ValidateReleaseAsync(release, cancellationToken: Cancellation));
        var named = new UpdateRunRequest { RunId = run.Id, Name = name };
        await AssertInvalidAsync("name", () => client.UpdateRunAsync(named, cancellationToken: Cancellation));
        var tagged = new UpdateRunRequest { RunId = run.Id, AddTags = { name } };
        await AssertInvalidAsync("add_tags", () => client.UpdateRunAsync(tagged, cancellationToken: Cancellation));

        Task AssertStartAsync(string field, Action<StartRunRequest> change) =>
            AssertInvalidAsync(field, () => client.StartRunAsync(Of(change), cancellationToken: Cancellation));

        StartRunRequest Of(Action<StartRunRequest> change)
        {
            var request = Request(server);
            request.IdempotencyKey = "names";
            change(request);
            return request;
        }
    }

    [Theory]
    [InlineData("v1/runs", """{"idempotencyKey":"k","model":{"apiId":"m","endpoint":"http://127.0.0.1:9"},"release":{"name":"a\u0000"}}""")]
    [InlineData("v1/runs", """{"idempotencyKey":"k","model":{"apiId":"\u0000","endpoint":"http://127.0.0.1:9"},"release":{"name":"x"}}""")]
    [InlineData("v1/models:checkVision", """{"model":{"apiId":"\u0000","endpoint":"http://127.0.0.1:9"}}""")]
    [InlineData("v1/releases:validate", """{"release":{"name":"a\u0000b"}}""")]
    [InlineData("v1/releases:validate", """{"release":{"name":"../a\u0000b"}}""")]
    [InlineData("v1/releases:validate", """{"release":{"jsonlPath":"a\u0000b"}}""")]
    public async Task Over_http_it_is_a_bad_request(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await Evaluator.Http.PostAsync(path, content, Cancellation);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Matches("none of them invisible or for control|has a NUL character", await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task AssertInvalidAsync<T>(string field, Func<AsyncUnaryCall<T>> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains(error.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations, violation => violation.Field == field);
    }
}
