using LiveClin.Benchmarks.Evaluate;
using LiveClin.Benchmarks.Fuzzing;
using LiveClin.Benchmarks.Kills;
using LiveClin.Benchmarks.Load;
using LiveClin.Benchmarks.Pages;
using LiveClin.Benchmarks.Simulations;
using LiveClin.Benchmarks.Statistics;
using LiveClin.Benchmarks.Stores;
using LiveClin.Benchmarks.Weaknesses;

return args switch
{
    ["evaluate", .. var rest] => await EvaluateBenchmark.RunAsync(rest),
    ["conditions", .. var rest] => await ConditionsBenchmark.RunAsync(rest),
    ["server", .. var rest] => await FastServer.RunAsync(rest),
    ["floor", .. var rest] => await BareSockets.RunAsync(rest),
    ["growth", .. var rest] => await GrowthBenchmark.RunAsync(rest),
    ["growth-fill", .. var rest] => await GrowthBenchmark.FillAsync(rest),
    ["statistics"] => await StatisticsBenchmark.RunAsync(),
    ["controls", .. var rest] => await ControlsBenchmark.RunAsync(rest),
    ["pages", .. var rest] => await PagesBenchmark.RunAsync(rest),
    ["kills", .. var rest] => await KillTrials.RunAsync(rest),
    ["fuzz", .. var rest] => await FuzzBenchmark.RunAsync(rest),
    ["load", .. var rest] => await LoadBenchmark.RunAsync(rest),
    ["coverage"] => CoverageBenchmark.Run(2000),
    ["simulate-controls", .. var rest] => ControlSimulation.Print(rest),
    ["weaknesses", .. var rest] => await WeaknessBenchmark.RunAsync(rest),
    ["stores", .. var rest] => await StoresBenchmark.RunAsync(rest),
    ["shared", .. var rest] => await SharedRunBenchmark.RunAsync(rest),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine(
        """
        LiveClin benchmarks: dotnet run -c Release --project tests/LiveClin.Benchmarks -- SUBCOMMAND

          evaluate [--cases 1407] [--rounds 3] [--published]   the whole `evaluate` process against bare sockets that send the same bytes;
                                                 --published: as `dotnet publish -p:PublishReadyToRun=true` makes it
          conditions [--cases 1407] [--rounds 3] processor time per request of `evaluate` under each condition, against the published way
          statistics                             30 models x 1,407 cases: load, leaderboard with intervals, comparisons, report
          growth [--cases 1000,10000,100000]     5 models on ever larger releases: statistics, pages, memory
          controls [--keep | --store FILE]       30 models x 10 conditions x 1,407 cases: what scores are made of, from the store and on the pages;
                                                 --keep: leaves the store (about 3 GB) here; --store: measures over it again
          pages [--epochs 1] [--keep]            every page over 30 models x 1,407 cases: first byte and whole HTML, first visit and later
          kills [--evaluate 40] [--migration 22] [--import 7] [--service 25]   SIGKILLs at random moments: nothing lost, replaced or asked twice
          fuzz [--minutes 10] [--seed N] [--no-service]   changed replies, error bodies, releases, archives, result files and requests
          load [--clients 50] [--calls 12] [--store FILE]   many clients ask for all that computes: waiting times and memory;
                                                 --store: over a store of `pages --keep`, or makes it there
          coverage                               how often the 95 % intervals cover the truth in 2,000 simulated benchmarks
          simulate-controls [--benchmarks 2000]  coverage, false alarms and power of the controls in simulated benchmarks of 50 and 300 cases
          weaknesses [--cases 150]               simulated examinees with a planted weakness each: what the controls find (docs/weaknesses.md)
          stores [--answers 20000]               answers per second into SQLite and PostgreSQL, beside bare inserts of the same groups
          shared [--cases 1407] [--evaluators 4] [--concurrency 100] [--reply-ms 60] [--kill SECONDS [--cut]]
                                                 several evaluators on one run in PostgreSQL: wall time against one, each question counted at the
                                                 servers; --kill: one of them is killed that often, and the database restarts twice; --cut: the line
                                                 from one of them to the database is cut for a while as well (a network namespace: root)
          server                                 (part of evaluate) the fast fake model server
          floor                                  (part of evaluate) the bare-socket client
        """);
    return 2;
}
