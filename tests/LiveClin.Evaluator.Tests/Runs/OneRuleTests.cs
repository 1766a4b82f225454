using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>Whatever is started again, only what has no reply yet is asked; counted at the server.</summary>
public abstract class OneRuleTests(StoreKind kind)
{
    private const int Questions = 80;

    [Fact]
    public async Task The_same_again_asks_nothing_and_does_not_even_look_at_the_server()
    {
        var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var (first, before) = await evaluator.RunAsync(EvaluatorHarness.Request(server));
        Assert.Equal((RunStatus.Completed, Questions), (first.Status, server.Calls.Count));
        await server.DisposeAsync();

        var session = await evaluator.Runs.StartAsync(EvaluatorHarness.Request(server) with { CheckVision = true },
            TestContext.Current.CancellationToken);
        var again = await session.Completion;
        Assert.Equal((RunStart.NothingToAsk, first.Id, RunStatus.Completed, 0),
            (session.Start, again.Id, again.Status, session.Progress.Unanswered));
        Assert.Equal((16, 16), (session.Progress.CasesDone, session.Progress.CasesTotal));
        Assert.Equal(before, evaluator.Store.GetAnswers(first.Id));
        Assert.DoesNotContain(evaluator.Store.GetEvents(first.Id), noted => noted.Kind is "resumed" or "vision_check");
    }

    [Fact]
    public async Task A_target_that_grows_asks_the_rest_and_one_that_shrinks_nothing()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var whole = EvaluatorHarness.Request(server);
        var (small, answers) = await evaluator.RunAsync(whole with { Target = RunTarget.Of(5) });
        Assert.Equal(("5", RunStatus.Completed, answers.Count), (small.Target.ToString(), small.Status, server.Calls.Count));
        Assert.Equal([0, 1, 2, 3, 4], answers.Select(answer => answer.CaseOrdinal).Distinct());

        var (grown, all) = await evaluator.RunAsync(whole);
        Assert.Equal((small.Id, RunTarget.Whole, RunStatus.Completed), (grown.Id, grown.Target, grown.Status));
        Assert.Equal((Questions, Questions), (all.Count, server.Calls.Count));
        Assert.Equal(answers, all.Where(answer => answer.CaseOrdinal < 5));

        var (shrunk, _) = await evaluator.RunAsync(whole with { Target = RunTarget.Of(3) });
        Assert.Equal((small.Id, RunTarget.Whole, RunStatus.Completed, Questions),
            (shrunk.Id, shrunk.Target, shrunk.Status, server.Calls.Count));
    }

    [Fact]
    public async Task Failures_are_asked_again_from_the_failed_turn_on_and_nothing_else()
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var victims = release.Cases.Take(10).Select(@case => @case.Questions[2].Text).ToList();
        var failing = true;
        await using var server = await FakeModelServer.StartAsync((call, context) => Volatile.Read(ref failing)
            && victims.Exists(text => call.LastText.Contains(text, StringComparison.Ordinal))
            ? FakeModelServer.WriteAsync(context, 400, "no")
            : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var (ended, before) = await evaluator.RunAsync(EvaluatorHarness.Request(server));
        Assert.Equal(RunStatus.EndedWithFailures, ended.Status);
        Assert.Equal(10, before.Count(answer => answer.Outcome == Outcome.Failed));
        Assert.Equal(10, evaluator.Store.Tally(ended).FailuresByKind["http_400"]);
        var calls = server.Calls.Count;

        Volatile.Write(ref failing, false);
        var (completed, after) = await evaluator.RunAsync(EvaluatorHarness.Request(server));
        Assert.Equal((ended.Id, RunStatus.Completed), (completed.Id, completed.Status));
        var expected = release.Cases.Take(10).SelectMany(@case => @case.Questions.Skip(2)).Select(question => question.Text);
        var asked = server.Calls.Skip(calls).Select(call => QuestionOf(call)).ToList();
        Assert.Equal(expected.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
        Assert.Equal(before.Where(answer => answer.Reply is not null),
            after.Where(answer => before.Any(old => old.Reply is not null && old.CaseOrdinal == answer.CaseOrdinal
            && old.QuestionIndex == answer.QuestionIndex)));
        Assert.Equal(2, after.Single(answer => answer.CaseOrdinal == 0 && answer.QuestionIndex == 2).Attempts);
    }

    [Fact]
    public async Task More_epochs_ask_only_the_new_ones_the_first_of_every_case_first()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server) with { Sampling = SamplingParameters.Plain with { Seed = 7 }, Concurrency = 1 };
        var (first, _) = await evaluator.RunAsync(request with { Target = RunTarget.Of(3) });
        var firstCalls = server.Calls.Count;

        var (run, answers) = await evaluator.RunAsync(request with { Target = RunTarget.Of(4, 3) });
        Assert.Equal((first.Id, "4,4,4", RunStatus.Completed), (run.Id, run.Target.ToString(), run.Status));
        Assert.Equal(answers.Count, server.Calls.Count);
        Assert.Equal([1, 2, 3], answers.Select(answer => answer.Epoch).Distinct());
        Assert.Single(answers.GroupBy(answer => answer.Epoch).Select(epoch => epoch.Count()).Distinct());
        // A set seed is another one in each epoch; the identity holds the first.
        var seeds = server.Calls.Select(call => call.Json.GetProperty("seed").GetInt64()).ToList();
        Assert.Equal(seeds.Order(), seeds);
        Assert.Equal([7L, 8, 9], seeds.Distinct());
        Assert.All(server.Calls.Take(firstCalls), call => Assert.Equal(7, call.Json.GetProperty("seed").GetInt64()));
        Assert.Contains("\"seed\":7", run.Specification.ParametersJson, StringComparison.Ordinal);
        var tally = evaluator.Store.Tally(run);
        Assert.Equal((answers.Count, 12, true, 16, 4),
            (tally.QuestionsAnswered, tally.Cases, tally.IsComplete, tally.CasesInRelease, tally.CasesCovered));

        // All cases, once: the epochs of the first four stay what they are.
        var (grown, _) = await evaluator.RunAsync(request);
        Assert.Equal(("all,4,4", RunStatus.Completed), (grown.Target.ToString(), grown.Status));
        Assert.Equal(Questions + (answers.Count / 3 * 2), server.Calls.Count);
    }

    [Fact]
    public async Task Without_a_seed_every_epoch_sends_the_same_requests()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        await evaluator.RunAsync(EvaluatorHarness.Request(server) with { Target = RunTarget.Of(1, 2), Concurrency = 1 });
        var half = server.Calls.Count / 2;
        Assert.Equal(server.Calls.Take(half).Select(call => call.Body), server.Calls.Skip(half).Select(call => call.Body));
    }

    [Fact]
    public async Task Fresh_begins_another_run_which_is_the_one_that_goes_on_from_then()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server) with { Target = RunTarget.Of(2) };
        var (old, oldAnswers) = await evaluator.RunAsync(request with { Target = RunTarget.Of(3) });
        var (fresh, _) = await evaluator.RunAsync(request with { Fresh = true });
        Assert.NotEqual(old.Id, fresh.Id);
        Assert.Equal(fresh.Id, evaluator.Store.FindRun(old.Id)?.SupersededBy);
        var calls = server.Calls.Count;

        var (again, _) = await evaluator.RunAsync(request);
        Assert.Equal((fresh.Id, calls), (again.Id, server.Calls.Count));
        Assert.Equal(oldAnswers, evaluator.Store.GetAnswers(old.Id));
    }

    [Fact]
    public async Task What_is_no_part_of_the_identity_asks_nothing_again_and_what_is_begins_another_run()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var elsewhere = await FakeModelServer.StartAsync(_ => "\\boxed{B}", "fake");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server) with { Target = RunTarget.Of(1) };
        var (run, answers) = await evaluator.RunAsync(request);
        RunRequest[] same =
        [
            request with { Concurrency = 1 },
            request with { Timeout = TimeSpan.FromSeconds(3) },
            request with { Retries = request.Retries with { MaxRetries = 0 } },
            request with { Endpoint = new ModelEndpoint(elsewhere.BaseUrl, "fake") { ApiKey = "k" } },
            request with { Sampling = new SamplingParameters { ExtraBody = """{"max_tokens":16384,"temperature":0.0}""" } },
        ];
        foreach (var other in same) Assert.Equal(run.Id, (await evaluator.RunAsync(other)).Run.Id);
        Assert.Equal((answers.Count, 0), (server.Calls.Count, elsewhere.Calls.Count));
        RunRequest[] others =
        [
            request with { Model = "another name" },
            request with { Endpoint = new ModelEndpoint(server.BaseUrl, "another-model") },
            request with { Sampling = SamplingParameters.Plain with { Temperature = 0.5 } },
            request with { Sampling = SamplingParameters.Plain with { Seed = 1 } },
            request with { Release = request.Release with { ImageMode = LiveClin.Core.Prompts.ImageMode.Url, AllowMissingImages = true } },
            request with { Release = request.Release with { AllowMissingImages = true } },
        ];
        foreach (var other in others) await evaluator.RunAsync(other);
        Assert.Equal(1 + others.Length, evaluator.Store.ListRuns().DistinctBy(each => each.Specification.Identity).Count());
        Assert.Equal((1 + others.Length) * answers.Count, server.Calls.Count);
    }

    [Theory]
    [InlineData("content_filter", Outcome.Filtered)]
    [InlineData("filtered_text", Outcome.Filtered)]
    [InlineData("empty_length", Outcome.Truncated)]
    [InlineData("refusal", Outcome.Refused)]
    public async Task What_model_or_provider_decided_is_asked_again_only_on_demand(string fault, Outcome outcome)
    {
        var release = await EvaluatorHarness.ReadDemoAsync();
        var victim = release.Cases[0].Questions[1].Text;
        var failing = true;
        await using var server = await FakeModelServer.StartAsync((call, context) => !Volatile.Read(ref failing)
            || !call.LastText.Contains(victim, StringComparison.Ordinal)
            ? FakeModelServer.ReplyAsync(context, "\\boxed{A}")
            : fault switch
            {
                "content_filter" => FakeModelServer.WriteAsync(context, 400, """{"error":{"code":"content_filter","message":"filtered"}}"""),
                "filtered_text" => FakeModelServer.ReplyAsync(context, "no letter", "content_filter"),
                "empty_length" => FakeModelServer.ReplyAsync(context, "", "length"),
                _ => FakeModelServer.WriteAsync(context, 200, """{"choices":[{"message":{"role":"assistant","content":null,"refusal":"I cannot help."},"finish_reason":"stop"}]}"""),
            });
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server) with { Target = RunTarget.Of(2) };
        request = request with { Retries = request.Retries with { MaxRetries = 0 } };
        var (ended, answers) = await evaluator.RunAsync(request);
        Assert.Equal(RunStatus.EndedWithFailures, ended.Status);
        Assert.Equal((outcome, null), (answers[1].Outcome, answers[1].Reply));
        Assert.Equal(release.Cases[0].Questions.Length - 2, answers.Count(answer => answer.ErrorKind == "skipped"));
        var calls = server.Calls.Count;

        Volatile.Write(ref failing, false);
        var session = await evaluator.Runs.StartAsync(request, TestContext.Current.CancellationToken);
        await session.Completion;
        Assert.Equal((RunStart.NothingToAsk, calls), (session.Start, server.Calls.Count));
        Assert.Equal(release.Cases[0].Questions.Length - 1, session.Progress.Unanswered);

        var (completed, _) = await evaluator.RunAsync(request with { RetryFiltered = true });
        Assert.Equal((ended.Id, RunStatus.Completed), (completed.Id, completed.Status));
        Assert.Equal(calls + release.Cases[0].Questions.Length - 1, server.Calls.Count);
    }

    [Fact]
    public async Task A_run_that_was_cut_off_after_its_last_answer_is_complete()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var (run, _) = await evaluator.RunAsync(EvaluatorHarness.Request(server) with { Target = RunTarget.Of(1) });
        await evaluator.Store.WriteAsync(write => write.SetStatus(run.Id, RunStatus.Running, null, null));
        var calls = server.Calls.Count;
        await evaluator.RunAsync(EvaluatorHarness.Request(server) with { Target = RunTarget.Of(1) });
        Assert.Equal((RunStatus.Completed, calls), (evaluator.Store.FindRun(run.Id)!.Status, server.Calls.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Runs_of_earlier_versions_go_on(int schema)
    {
        await using var server = await FakeModelServer.StartAsync(_ => "The answer is \\boxed{A}.", "fixture-model");
        using var folder = new TemporaryFolder();
        var path = OldStores.Copy(schema, folder);
        var release = folder["three.jsonl"];
        await using (var store = ResultStore.OpenReadOnly(path))
            await File.WriteAllTextAsync(release,
                string.Concat(store.GetCases(store.ListReleases().First().Sha256).Select(@case => @case.Json + "\n")),
                TestContext.Current.CancellationToken);
        string[] command =
        [
            "evaluate", "--model", "fixture-model", "--image-mode", "local", "--params", "plain", "--max-retries", "0", "--api-base",
            server.BaseUrl.ToString(), "--store", path,
            "--jsonl-path", release, "--image-root", Path.Combine(Path.GetDirectoryName(EvaluatorHarness.Demo.JsonlPath)!, "images"),
        ];
        // Of the two runs at temperature 0 the larger one: its failed conversation goes on, the filtered and the truncated one have ended.
        var result = await CommandLine.CommandRunner.RunAsync(command);
        Assert.Equal((1, 4), (result.ExitCode, server.Calls.Count));
        Assert.Contains("5 of 16 questions have no reply", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLine.CommandRunner.RunAsync([.. command, "--temperature", "0.7"])).ExitCode);
        Assert.Equal(4, server.Calls.Count);
        Assert.Equal(0, (await CommandLine.CommandRunner.RunAsync([.. command, "--temperature", "0.3"])).ExitCode);
        Assert.Equal(4 + 5, server.Calls.Count);
        await using var after = ResultStore.OpenReadOnly(path);
        Assert.Equal(5, after.ListRuns().Count);
    }

    private static string QuestionOf(ChatCall call)
    {
        var text = call.LastText;
        var start = text.IndexOf("* Question: ", StringComparison.Ordinal) + "* Question: ".Length;
        return text[start..text.IndexOf("\n* Options:", start, StringComparison.Ordinal)];
    }
}

/// <summary>On a file.</summary>
public sealed class OneRuleOnFileTests() : OneRuleTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class OneRuleInDatabaseTests() : OneRuleTests(StoreKind.Postgres);
