using LiveClin.Benchmarks.Evaluate;

return args switch
{
    ["evaluate", .. var rest] => await EvaluateBenchmark.RunAsync(rest),
    ["server", .. var rest] => await FastServer.RunAsync(rest),
    ["floor", .. var rest] => await BareSockets.RunAsync(rest),
    _ => Help(),
};

static int Help()
{
    Console.WriteLine(
        """
        LiveClin benchmarks. Build in Release first: dotnet build -c Release LiveClin.Aspire.sln

          evaluate [--cases 1407] [--rounds 3]   the whole `evaluate` process against bare sockets that send the same bytes
          server                                 (part of evaluate) the fast fake model server
          floor                                  (part of evaluate) the bare-socket client
        """);
    return 2;
}
