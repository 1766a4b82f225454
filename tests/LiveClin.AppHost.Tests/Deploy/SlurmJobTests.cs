using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Slurm;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>The job of <c>deploy/slurm</c>, under a stand-in for Slurm's commands and environment.</summary>
public sealed class SlurmJobTests : IDisposable
{
    private const int Questions = 80;
    private const int Concurrency = 4;
    private readonly TemporaryFolder _folder = new();
    private readonly SlurmJob _job;
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SlurmJobTests()
    {
        _job = new SlurmJob(_folder);
        _patience.CancelAfter(HangGuard.Longest);
    }

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Stopped_before_its_wall_time_it_is_queued_again_and_the_shards_of_any_array_become_one_complete_run()
    {
        // The first replies are under way at the signal and come; those after them would come when the job has ended.
        var (signalled, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number >= 10) await signalled.Task;
            if (call.Number >= 10 + Concurrency) await ended.Task.WaitAsync(context.RequestAborted);
            await FakeModelServer.ReplyAsync(context, call.LastText.Contains("color", StringComparison.Ordinal) ? "Yellow" : "\\boxed{A}");
        });
        var model = new JsonObject { ["Name"] = "m", ["Server"] = "endpoint", ["Endpoint"] = server.BaseUrl.ToString(), ["ApiId"] = "m" };
        await _job.WriteSettingsAsync(new JsonObject { ["Models"] = new JsonArray(model), ["Concurrency"] = Concurrency }, _patience.Token);
        _job.WriteRealLauncher();
        _job.WriteProgram("bin/scontrol", $"""echo "$@" >> '{_folder["scontrol"]}'""");

        // What is saved in the middle is another test's: here each job saves at its end.
        _job.Environment.Add(("SAVE_SECONDS", "1000"));
        using (var first = _job.Start(Task(1, 2)))
        {
            while (server.Calls.Count < 10 + Concurrency) await System.Threading.Tasks.Task.Delay(50, _patience.Token);
            using var signal = Process.Start("kill", ["-USR1", first.Id.ToString(CultureInfo.InvariantCulture)]);
            await signal.WaitForExitAsync(_patience.Token);
            signalled.SetResult();
            var (code, output) = await SlurmJob.EndAsync(first, _patience.Token);
            Assert.True(code is 1 or 130, $"exit code {code}: {output}");
            ended.SetResult();
        }

        Assert.Equal("requeue 77\n", await File.ReadAllTextAsync(_folder["scontrol"], _patience.Token));
        using (var second = _job.Start(Task(2, 2)))
        {
            var (code, output) = await SlurmJob.EndAsync(second, _patience.Token);
            Assert.True(code == 0, output);
        }

        // Another array, of one task, asks what is left.
        using (var rest = _job.Start(Task(1, 1)))
        {
            var (code, output) = await SlurmJob.EndAsync(rest, _patience.Token);
            Assert.True(code == 0, output);
            // What is to be typed next works when the node's own store is gone.
            var (kept, report) = (_folder["results/liveclin.db"], _folder["results/report"]);
            Assert.Contains($"stats report --store {kept} --output {report}", output, StringComparison.Ordinal);
            Assert.DoesNotContain($"--store {_folder["node"]}", output, StringComparison.Ordinal);
            Assert.Matches(@"Look: .* report --store results/liveclin\.db --output report", output);
        }

        // Three starts asked; twice asked were at most those under way at the signal.
        Assert.InRange(server.Calls.Count, Questions + 3, Questions + 3 + Concurrency);
        await using var store = ResultStore.OpenReadOnly(_folder["results/liveclin.db"]);
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Completed, "all", Questions), (run.Status, run.Target.ToString(), store.Tally(run).QuestionsAnswered));
        Assert.Equal("requeue 77\n", await File.ReadAllTextAsync(_folder["scontrol"], _patience.Token));
        Assert.Empty(Directory.GetDirectories(_folder["node"]));
    }

    [Fact]
    public async Task Where_files_cannot_be_locked_nothing_begins()
    {
        _job.WriteProgram("liveclin", $"touch '{_folder["begun"]}'");
        _job.WriteProgram("bin/flock", "echo 'flock: 9: Function not implemented' >&2; exit 1");
        using var job = _job.Start();
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.Equal(2, code);
        Assert.Contains("has to know flock", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["begun"]));
    }

    [Fact]
    public async Task What_another_job_of_the_same_name_saves_meanwhile_stays_beside_its_own()
    {
        // A store is a text here, a line for each answer. The other job saves once, after this one has, and is gone then.
        _job.WriteProgram("liveclin", $$"""
            saved() { while ! grep -qs "$1" '{{_folder["results/parts/all.db"]}}'; do sleep 0.05; done; }
            case "$1 $2" in
                "evaluator backup") cp "$5" "$3" ;;
                "evaluator merge") sort -u -o "$5" "$3" "$5" ;;
                *)
                    while [ "$1" != --store ]; do shift; done
                    echo ours > "$2"; saved ours
                    echo theirs > '{{_folder["other"]}}'; mv '{{_folder["other"]}}' '{{_folder["results/parts/all.db"]}}'
                    echo more >> "$2"; saved more
                    echo most >> "$2"; saved most ;;
            esac
            """);
        using var job = _job.Start();
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 0, output);
        Assert.Equal("more\nmost\nours\ntheirs\n", await File.ReadAllTextAsync(_folder["results/parts/all.db"], _patience.Token));
        Assert.Equal("ours\nmore\nmost\n", await File.ReadAllTextAsync(_folder["results/liveclin.db"], _patience.Token));
    }

    [Fact]
    public async Task Two_replies_to_one_question_keep_no_job_from_beginning_again()
    {
        _job.WriteProgram("liveclin", $"""
            case "$1 $2" in
                "evaluator backup") cp "$5" "$3" ;;
                "evaluator merge") echo 'conflict: m, epoch 1, case 1' >&2; exit 1 ;;
                *) touch '{_folder["begun"]}' ;;
            esac
            """);
        Directory.CreateDirectory(_folder["results/parts"]);
        foreach (var store in (string[])["results/liveclin.db", "results/parts/all.db"])
            await File.WriteAllTextAsync(_folder[store], store, _patience.Token);
        using var job = _job.Start();
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 1, output);
        Assert.True(File.Exists(_folder["begun"]), output);
        // What was left out stays where it is.
        foreach (var store in (string[])["results/liveclin.db", "results/parts/all.db"])
            Assert.Equal(store, await File.ReadAllTextAsync(_folder[store], _patience.Token));
    }

    [Fact]
    public async Task While_one_saves_no_other_job_of_the_same_name_does()
    {
        _job.WriteProgram("bin/mv", $"""
            flock -n '{_folder["results/parts/all.lock"]}' true || echo locked >> '{_folder["saves"]}'
            exec /bin/mv "$@"
            """);
        _job.WriteProgram("liveclin", $"""
            if [ "$1 $2" = "evaluator backup" ]; then cp "$5" "$3"; exit; fi
            while [ "$1" != --store ]; do shift; done
            echo ours > "$2"
            while [ ! -f '{_folder["results/parts/all.db"]}' ]; do sleep 0.05; done
            """);
        using var job = _job.Start();
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 0, output);
        Assert.StartsWith("locked\nlocked\n", await File.ReadAllTextAsync(_folder["saves"], _patience.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_saved_stays_on_the_node_and_is_named()
    {
        _job.WriteProgram("liveclin", """
            if [ "$1 $2" = "evaluator backup" ]; then cp "$5" "$3"; exit; fi
            while [ "$1" != --store ]; do shift; done
            echo ours > "$2"
            """);
        _job.WriteProgram("bin/cp", """
            case "$2" in *.new) echo part > "$2"; echo 'cp: No space left on device' >&2; exit 1 ;; esac
            exec /bin/cp "$@"
            """);
        using var job = _job.Start(("SAVE_SECONDS", "1000"));
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 1, output);
        var store = Assert.Single(Directory.GetFiles(_folder["node"], "liveclin.db", SearchOption.AllDirectories));
        Assert.Equal("ours\n", await File.ReadAllTextAsync(store, _patience.Token));
        Assert.Contains($"Not saved: see above. All is in {store} ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["results"], "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Without_what_was_answered_before_nothing_begins()
    {
        _job.WriteProgram("liveclin", $"touch '{_folder["begun"]}'");
        _job.WriteProgram("bin/cp", "echo 'cp: Permission denied' >&2; exit 1");
        Directory.CreateDirectory(_folder["results"]);
        await File.WriteAllTextAsync(_folder["results/liveclin.db"], "somebody else's", _patience.Token);
        using var job = _job.Start();
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.Equal(2, code);
        Assert.Contains("Not begun", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["begun"]));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a b c", "", "")]
    [InlineData("", "2 of 1-3", "--shard auto")]
    [InlineData("a b c", "2 of 1-3", "--models b")]
    [InlineData("a b c", "7 of 5-7", "--models c")]
    [InlineData("a b c", "2 of 2-2", "--models b")]
    [InlineData("a b c", "1 of 0-1", "--models b")]
    public async Task An_array_asks_shards_or_models_as_is_said(string models, string task, string expected)
    {
        _job.WriteProgram("liveclin", $"""
            echo "$LIVECLIN_KEPT_STORE" > '{_folder["kept"]}'
            [ "$1" = evaluator ] || echo "$@" > '{_folder["arguments"]}'
            """);
        using var job = _job.Start([("MODELS", models), .. task.Length == 0 ? [] : Array(task)]);
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 0, output);
        var arguments = await File.ReadAllTextAsync(_folder["arguments"], _patience.Token);
        Assert.Equal(expected, string.Join(' ', arguments.Trim().Split(' ').Skip(5).SkipLast(2)));
        Assert.Equal(_folder["results/liveclin.db"], (await File.ReadAllTextAsync(_folder["kept"], _patience.Token)).Trim());
        Assert.EndsWith($"--settings {_folder["settings.json"]}\n", arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_beyond_the_models_says_how_many_there_are()
    {
        _job.WriteProgram("liveclin", $"touch '{_folder["begun"]}'");
        using var job = _job.Start([("MODELS", "a b c"), .. Array("4 of 4-4")]);
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.NotEqual(0, code);
        Assert.Contains("MODELS names 3: --array=1-3", output, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["begun"]));
    }

    [Fact]
    public async Task Blanks_in_the_results_folder_are_kept_in_what_is_to_be_typed_next()
    {
        _job.WriteProgram("liveclin", """if [ "$1 $2" = "evaluator backup" ]; then cp "$5" "$3"; fi""");
        var results = Directory.CreateDirectory(_folder["of all"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(results, "liveclin.db"), "", _patience.Token);
        using var job = _job.Start([("RESULTS", results)]);
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 0, output);
        Assert.Contains($"--output {results.Replace(" ", "\\ ", StringComparison.Ordinal)}/report", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models", "2 of 1-2", "--models b c")]
    [InlineData("shards", "2 of 1-8", "--shard auto")]
    public async Task A_job_that_the_command_writes_is_told_nothing_when_it_is_submitted(string array, string task, string expected)
    {
        await _job.WriteSettingsAsync(
            new JsonObject { ["Models"] = new JsonArray(new JsonObject { ["Name"] = "a" }, new JsonObject { ["Name"] = "b c" }) },
            _patience.Token);
        var (switches, written) =
            Switches.Parse(["sbatch", "--settings", _folder["settings.json"], "--array", array, "--time", "1-00:00:00", "--output",
            _folder["job.sbatch"]], SbatchCommand.Create());
        Assert.Equal((null, 0), (switches, written));
        var text = await File.ReadAllTextAsync(_folder["job.sbatch"], _patience.Token);
        Assert.Contains($"#SBATCH --array=1-{(array == "models" ? 2 : 8)}\n", text, StringComparison.Ordinal);
        Assert.Contains("--time=1-00:00:00\n", text, StringComparison.Ordinal);

        _job.WriteProgram("liveclin", $"""[ "$1" = evaluator ] || echo "$@" > '{_folder["arguments"]}'""");
        using var job = _job.Start(_folder["job.sbatch"], Array(task));
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 0, output);
        var arguments = await File.ReadAllTextAsync(_folder["arguments"], _patience.Token);
        Assert.EndsWith($" {expected} --settings {_folder["settings.json"]}\n", arguments, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 2)]
    [InlineData("3", 3)]
    [InlineData("1", null)] // too few
    public async Task A_job_has_the_nodes_that_its_largest_model_needs(string? given, int? expected)
    {
        var models = new JsonArray(new JsonObject { ["Name"] = "small" }, new JsonObject { ["Name"] = "large", ["Nodes"] = 2 });
        await _job.WriteSettingsAsync(new JsonObject { ["Models"] = models }, _patience.Token);
        string[] nodes = given is null ? [] : ["--nodes", given];
        var (_, code) = Switches.Parse(["sbatch", "--settings", _folder["settings.json"], "--output", _folder["job.sbatch"], .. nodes],
            SbatchCommand.Create());
        Assert.Equal(expected is null ? ExitCodes.Invalid : 0, code);
        if (expected is null) Assert.False(File.Exists(_folder["job.sbatch"]));
        else Assert.Contains($" --nodes={expected} ", await File.ReadAllTextAsync(_folder["job.sbatch"], _patience.Token),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("USR1", true)]
    [InlineData("TERM", false)] // a preemption, which Slurm queues again itself, or scancel
    public async Task Only_before_its_wall_time_the_job_queues_itself_again(string name, bool expected)
    {
        _job.WriteProgram("bin/scontrol", $"""echo "$@" >> '{_folder["scontrol"]}'""");
        _job.WriteProgram("liveclin", $"""
            [ "$1" = evaluator ] && exit
            trap 'exit 1' TERM
            touch '{_folder["started"]}'
            while sleep 0.05; do :; done
            """);
        using var job = _job.Start();
        while (!File.Exists(_folder["started"])) await System.Threading.Tasks.Task.Delay(20, _patience.Token);
        using (var signal = Process.Start("kill",
            ["-" + name, job.Id.ToString(CultureInfo.InvariantCulture)])) await signal.WaitForExitAsync(_patience.Token);
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 1, $"exit code {code}: {output}");
        Assert.Equal(expected, File.Exists(_folder["scontrol"]));
    }

    [Fact]
    public async Task A_copy_that_is_being_made_when_the_work_ends_leaves_nothing_behind()
    {
        // The sweep ends while the first copy is made; that one is written later.
        _job.WriteProgram("liveclin", $"""
            if [ "$1 $2" = "evaluator backup" ]; then
                if mkdir '{_folder["copying"]}' 2>/dev/null; then
                    while [ ! -e '{_folder["ended"]}' ]; do sleep 0.05; done
                    sleep 1
                    echo first > "$3"
                    touch '{_folder["copied"]}'
                else
                    echo last > "$3"
                fi
            elif [ "$1 $2" = "evaluator merge" ]; then
                cp "$3" "$5"
            else
                while [ "$1" != --store ]; do shift; done
                echo store > "$2"
                while [ ! -d '{_folder["copying"]}' ]; do sleep 0.05; done
                touch '{_folder["ended"]}'
            fi
            """);
        using var job = _job.Start();
        var (code, output) = await SlurmJob.EndAsync(job, _patience.Token);
        Assert.True(code == 0, output);
        while (!File.Exists(_folder["copied"])) await System.Threading.Tasks.Task.Delay(20, _patience.Token);
        Assert.Equal(["all.db", "all.lock", "lock"], Directory.GetFiles(_folder["results/parts"]).Select(Path.GetFileName).Order());
        Assert.Equal("last\n", await File.ReadAllTextAsync(_folder["results/liveclin.db"], _patience.Token));
    }

    [Theory]
    [InlineData("Path", "org/a")]
    [InlineData("Name", "a, b")]
    public async Task A_model_that_no_task_could_ask_for_is_refused(string key, string value)
    {
        await _job.WriteSettingsAsync(new JsonObject { ["Models"] = new JsonArray(new JsonObject { [key] = value }) }, _patience.Token);
        var (_, code) = Switches.Parse(["sbatch", "--settings", _folder["settings.json"], "--array", "models"], SbatchCommand.Create());
        Assert.Equal(ExitCodes.Invalid, code);
    }

    [Theory]
    [InlineData("""{"LiveClin":{"Store":"postgresql://ann@db/r"}}""", ExitCodes.Invalid)]
    [InlineData("""{"LiveClin":{"Store":"container"}}""", ExitCodes.Invalid)]
    [InlineData("""{"ConnectionStrings":{"liveclin":"Host=db;Username=ann"}}""", ExitCodes.Invalid)]
    [InlineData("""{"LiveClin":{"Store":"mine.db"}}""", ExitCodes.Success)] // the job's own takes its place, and is joined in a file, too
    public async Task A_database_is_no_store_for_a_job_that_keeps_its_answers_on_its_node(string settings, int expected)
    {
        await File.WriteAllTextAsync(_folder["settings.json"], settings, _patience.Token);
        string[] arguments = ["sbatch", "--settings", _folder["settings.json"], "--output", _folder["job.sbatch"]];
        Assert.Equal(expected, Switches.Parse(arguments, SbatchCommand.Create()).ExitCode);
    }

    [Theory]
    [InlineData("absent.json", "models", "12:00:00")]
    [InlineData("settings.json", "models", "12:00:00")] // names none
    [InlineData("settings.json", "shards", "tomorrow")]
    public async Task A_job_that_cannot_be_written_is_refused(string settings, string array, string time)
    {
        await _job.WriteSettingsAsync([], _patience.Token);
        var (_, code) = Switches.Parse(["sbatch", "--settings", _folder[settings], "--array", array, "--time", time, "--output",
            _folder["job.sbatch"]], SbatchCommand.Create());
        Assert.Equal((ExitCodes.Invalid, false), (code, File.Exists(_folder["job.sbatch"])));
    }

    private static (string, string)[] Task(int task, int count) =>
        [.. Array(string.Create(CultureInfo.InvariantCulture, $"{task} of 1-{count}")),
            ("SLURM_ARRAY_TASK_COUNT", count.ToString(CultureInfo.InvariantCulture))];

    // 2 of 1-3
    private static (string, string)[] Array(string task)
    {
        var words = task.Split(' ', '-');
        return [("SLURM_ARRAY_TASK_ID", words[0]), ("SLURM_ARRAY_TASK_MIN", words[2]), ("SLURM_ARRAY_TASK_MAX", words[3])];
    }
}
