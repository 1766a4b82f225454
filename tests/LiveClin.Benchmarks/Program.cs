using LiveClin.Benchmarks;
using LiveClin.Benchmarks.Evaluate;
using LiveClin.Benchmarks.Fuzzing;
using LiveClin.Benchmarks.Kills;
using LiveClin.Benchmarks.Load;
using LiveClin.Benchmarks.Pages;
using LiveClin.Benchmarks.Simulations;
using LiveClin.Benchmarks.Statistics;
using LiveClin.Benchmarks.Stores;
using LiveClin.Benchmarks.Weaknesses;

Subcommand[] all =
[
    new("evaluate", "[--cases 1407] [--rounds 3] [--published]",
        """
        the whole `evaluate` process against bare sockets that send the same bytes;
        --published: as `dotnet publish -p:PublishReadyToRun=true` makes it
        """, EvaluateBenchmark.RunAsync),
    new("conditions", "[--cases 1407] [--rounds 3]",
        "processor time per request of `evaluate` under each condition, against the published way", ConditionsBenchmark.RunAsync),
    new("statistics", "", "30 models x 1,407 cases: load, leaderboard with intervals, comparisons, report",
        _ => StatisticsBenchmark.RunAsync()),
    new("growth", "[--cases 1000,10000,100000]", "5 models on ever larger releases: statistics, pages, memory", GrowthBenchmark.RunAsync),
    new("controls", "[--keep | --store FILE]",
        """
        30 models x 10 conditions x 1,407 cases: what scores are made of, from the store and on the pages;
        --keep: leaves the store (about 3 GB) here; --store: measures over it again
        """, ControlsBenchmark.RunAsync),
    new("pages", "[--epochs 1] [--keep]",
        "every page over 30 models x 1,407 cases: first byte and whole HTML, first visit and later", PagesBenchmark.RunAsync),
    new("kills", "[--evaluate 40] [--migration 22] [--import 7] [--service 25]",
        "SIGKILLs at random moments: nothing lost, replaced or asked twice", KillTrials.RunAsync),
    new("fuzz", "[--minutes 10] [--seed N] [--no-service]",
        "changed replies, error bodies, releases, archives, result files and requests", FuzzBenchmark.RunAsync),
    new("load", "[--clients 50] [--calls 12] [--store FILE]",
        """
        many clients ask for all that computes: waiting times and memory;
        --store: over a store of `pages --keep`, or makes it there
        """, LoadBenchmark.RunAsync),
    new("coverage", "", "how often the 95 % intervals cover the truth in 2,000 simulated benchmarks",
        _ => Task.FromResult(CoverageBenchmark.Run(2000))),
    new("simulate-controls", "[--benchmarks 2000]",
        "coverage, false alarms and power of the controls in simulated benchmarks of 50 and 300 cases",
        rest => Task.FromResult(ControlSimulation.Print(rest))),
    new("weaknesses", "[--cases 150]",
        "simulated examinees with a planted weakness each: what the controls find (docs/weaknesses.md)", WeaknessBenchmark.RunAsync),
    new("stores", "[--answers 20000]", "answers per second into SQLite and PostgreSQL, beside bare inserts of the same groups",
        StoresBenchmark.RunAsync),
    new("shared", "[--cases 1407] [--evaluators 4] [--concurrency 100] [--reply-ms 60] [--kill SECONDS [--cut]]",
        """
        several evaluators on one run in PostgreSQL: wall time against one, each question counted at the servers;
        --kill: one of them is killed that often, and the database restarts twice; --cut: the line from one of them
        to the database is cut for a while as well (a network namespace: root)
        """, SharedRunBenchmark.RunAsync),
    new("server", "", "(part of evaluate) the fast fake model server", FastServer.RunAsync) { IsInner = true },
    new("floor", "", "(part of evaluate) the bare-socket client", BareSockets.RunAsync) { IsInner = true },
    new("growth-size", "FOLDER CASES", "(part of growth) one size of release", GrowthBenchmark.MeasureAsync) { IsInner = true },
    new("growth-fill", "", "(part of growth) makes the store", GrowthBenchmark.FillAsync) { IsInner = true },
];

if (args is [var name, .. var rest] && Array.Find(all, each => each.Name == name) is { } chosen) return await chosen.InvokeAsync(rest);
var isAsked = args is ["--help" or "-h" or "-?"];
var output = isAsked ? Console.Out : Console.Error;
output.WriteLine("LiveClin benchmarks: dotnet run -c Release --project tests/LiveClin.Benchmarks -- SUBCOMMAND [--help]\n");
foreach (var line in all.SelectMany(each => each.Help())) output.WriteLine(line);
return isAsked ? 0 : 2;
