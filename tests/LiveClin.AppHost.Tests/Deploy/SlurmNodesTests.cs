using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>A model over two nodes of a job, whose second node is another process tree of this machine with GPUs of its own.</summary>
public sealed class SlurmNodesTests : IDisposable
{
    private const int Questions = 80;
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public SlurmNodesTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_rank_that_dies_is_a_death_of_the_server_and_a_requeued_job_goes_on()
    {
        var job = new SlurmJob(_folder);
        // Two devices a node, which a server that counted those of both nodes here would wait for in vain.
        var here = new FakeGpus(_folder.FullName).Write(2);
        var device = new JsonObject { ["total"] = 81559, ["used"] = 0 };
        var there = new FakeGpus(Directory.CreateDirectory(_folder["there"]).FullName)
            .Write(new JsonObject { ["gpus"] = new JsonArray(device, device.DeepClone()), ["release_seconds"] = 0 });
        job.WriteRealLauncher();
        job.WriteProgram("bin/scontrol", $"""echo "$@" >> '{_folder["scontrol"]}'""");
        // The rest of srun is what its tasks see: their number, their node, their devices. One that fails ends the others; a signal
        // reaches all.
        job.WriteProgram("bin/srun", $$"""
            echo "srun $*" >> '{{_folder["srun"]}}'
            relative=0 tasks=1 kill=0
            while [ $# -gt 0 ]; do
                case $1 in
                    --relative=*) relative=${1#*=} ;;
                    --ntasks=*) tasks=${1#*=} ;;
                    --kill-on-bad-exit=1) kill=1 ;;
                    --*) ;;
                    *) break ;;
                esac
                shift
            done
            pids=()
            for ((i = 0; i < tasks; i++)); do
                SLURM_PROCID=$i SLURMD_NODENAME=there FAKE_GPU_STATE='{{there.StateFile}}' setsid "$@" &
                pids+=($!)
                echo "task $! ${*: -1}" >> '{{_folder["srun"]}}'
            done
            trap 'kill -TERM "${pids[@]}" 2>/dev/null' TERM
            code=0
            for pid in "${pids[@]}"; do
                wait "$pid"; ended=$?
                while kill -0 "$pid" 2>/dev/null; do wait "$pid"; ended=$?; done
                if [ $ended -ne 0 ]; then code=$ended; [ $kill = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null; fi
            done
            exit $code
            """);
        // However long a save takes, the signal finds the job at work: the second server begins to wait when enough is answered.
        var behaviour = new JsonObject
        {
            ["reply_seconds"] = 0.15, ["rank_dies_after"] = 20, ["once"] = _folder["died"], ["letter"] = "A",
            ["waits_after"] = 40, ["waits_until"] = _folder["requeued"],
        };
        var model = new JsonObject
        {
            ["Name"] = "m", ["Server"] = "sglang", ["Path"] = "fake/m", ["ApiId"] = "m", ["Tp"] = 4, ["Nodes"] = 2,
            ["Environment"] = new JsonObject { ["FAKE_SGLANG"] = behaviour.ToJsonString() },
        };
        await job.WriteSettingsAsync(new JsonObject { ["Models"] = new JsonArray(model), ["Concurrency"] = 2 }, _patience.Token);
        job.Environment.AddRange(LiveClin.Testing.Doubles.Environment(here).Where(pair => pair.Value is not null)
            .Select(pair => (pair.Key, pair.Value!)));
        job.Environment.AddRange([("SLURM_JOB_NUM_NODES", "2"), ("SLURMD_NODENAME", "localhost"), ("SLURM_CPUS_PER_TASK", "3")]);
        // Each save takes programs of its own; one is waited for.
        job.Environment.Add(("SAVE_SECONDS", "5"));
        job.Environment.Add(("PATH", $"{_folder["bin"]}:{LiveClin.Testing.Doubles.Environment()["PATH"]}"));

        using (var first = job.Start())
        {
            var output = SlurmJob.EndAsync(first, _patience.Token);
            // The second rank has died, and the server that was started in its place has answered more.
            await WaitForAnswersAsync(30, output);
            using (var signal = Process.Start("kill", ["-USR1", $"{first.Id}"])) await signal.WaitForExitAsync(_patience.Token);
            var (code, said) = await output;
            Assert.True(code is 1 or 130, $"exit code {code}: {said}");
            Assert.Contains("a rank on another node has ended (srun: exit code 1)", said + await LogsAsync(), StringComparison.Ordinal);
        }

        Assert.True(File.Exists(_folder["died"]));
        await File.WriteAllTextAsync(_folder["requeued"], "", _patience.Token);
        Assert.Equal("requeue 77\n", await File.ReadAllTextAsync(_folder["scontrol"], _patience.Token));
        using (var second = job.Start())
        {
            var (code, said) = await SlurmJob.EndAsync(second, _patience.Token);
            Assert.True(code == 0, said);
        }

        await using var store = ResultStore.OpenReadOnly(_folder["results/liveclin.db"]);
        var run = Assert.Single(store.ListRuns());
        Assert.Equal((RunStatus.Completed, Questions), (run.Status, store.Tally(run).QuestionsAnswered));
        var steps = (await File.ReadAllLinesAsync(_folder["srun"], _patience.Token)).ToList();
        var starts = steps.Where(line => line.StartsWith("srun ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, starts.Count);
        Assert.All(starts, start =>
        {
            Assert.Matches("^srun --overlap --nodes=1 --ntasks=1 --ntasks-per-node=1 --relative=1 --kill-on-bad-exit=1 --cpus-per-task=3 bash ", start);
            Assert.Matches("--tensor-parallel-size 4 .* --nnodes 2 .*--dist-init-addr localhost:[1-9][0-9]*( |$)", start);
        });
        // Every rank has ended with its server or its job.
        foreach (var task in steps.Where(line => line.StartsWith("task ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]))
            Assert.False(Directory.Exists($"/proc/{task}"), $"rank {task} is still there");
    }

    // The job saves what was answered every few seconds.
    private async Task WaitForAnswersAsync(int least, Task<(int Code, string Output)> job)
    {
        for (var answered = 0; answered < least; await Task.Delay(200, _patience.Token))
        {
            Assert.False(job.IsCompleted, job.IsCompleted ? (await job).Output : "");
            if (!File.Exists(_folder["results/parts/all.db"])) continue;
            await using var saved = ResultStore.OpenReadOnly(_folder["results/parts/all.db"]);
            answered = saved.ListRuns().Sum(run => saved.Tally(run).QuestionsAnswered);
        }
    }

    private async Task<string> LogsAsync()
    {
        var logs = Directory.GetFiles(_folder["logs"], "*.log");
        return string.Concat(await Task.WhenAll(logs.Select(log => File.ReadAllTextAsync(log, _patience.Token))));
    }
}
