using System.Diagnostics;
using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LiveClin.Benchmarks.Stores;

/// <summary>
/// Answers per second into both kinds of store, as conversations write them (a prompt and an answer, the next when the last is durable),
/// beside the floor of the engine: bare inserts of rows as long, in transactions of as many.
/// </summary>
internal static class StoresBenchmark
{
    private const int Conversations = 100;
    private static readonly string Reply = new('x', 1500);
    private static readonly string Prompt = new('p', 3000);

    public static async Task<int> RunAsync(string[] args)
    {
        var answers = args is ["--answers", var given] ? int.Parse(given, CultureInfo.InvariantCulture) : 20_000;
        using var folder = new TemporaryFolder();
        var programs = PostgresServer.FindPrograms() ?? throw new InvalidOperationException("Install Debian's package postgresql first.");
        await using var server = await PostgresServer.StartAsync(programs, durable: true);
        foreach (var (name, place) in new[] { ("SQLite", folder["s.db"]), ("PostgreSQL", await server.CreateDatabaseAsync()) })
        {
            var seconds = await StoreAsync(place, answers);
            Report($"{name}: the store", answers, seconds);
        }

        Report("SQLite: bare inserts", answers, BareSqlite(folder["bare.db"], answers));
        Report("PostgreSQL: bare inserts", answers, BarePostgres(await server.CreateDatabaseAsync(), answers));
        return 0;
    }

    private static async Task<double> StoreAsync(string place, int answers)
    {
        await using var store = ResultStore.Open(place);
        var cases = (answers / Conversations) + 1;
        await store.WriteAsync(write =>
        {
            write.AddRelease(SampleRuns.Release);
            write.AddRun(SampleRuns.Run("r", status: RunStatus.Running));
        });
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Conversations).Select(conversation => Task.Run(async () =>
        {
            for (var i = conversation * cases; i < (conversation + 1) * cases && i - (conversation * cases) < answers / Conversations; i++)
            {
                var answer = SampleRuns.Answer(i, 0, Outcome.Correct, Reply) with
                {
                    PromptHash = Hash(i),
                    CompletedAt = DateTimeOffset.UtcNow,
                };
                await store.WriteAsync(write =>
                {
                    write.PutPrompt(Hash(answer.CaseOrdinal), Prompt, "[]");
                    write.PutAnswer("r", answer);
                });
            }
        })));
        return clock.Elapsed.TotalSeconds;
    }

    private static double BareSqlite(string path, int answers)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE bare (i INTEGER PRIMARY KEY, reply TEXT, prompt TEXT)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO bare VALUES ($1, $2, $3)";
        for (var i = 1; i <= 3; i++) insert.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return Insert(answers, connection, insert);
    }

    private static double BarePostgres(string database, int answers)
    {
        using var connection = new NpgsqlConnection(database + ";Pooling=false;Max Auto Prepare=8;Auto Prepare Min Usages=1");
        connection.Open();
        Execute(connection, "CREATE TABLE bare (i BIGINT PRIMARY KEY, reply BYTEA, prompt BYTEA)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO bare VALUES ($1, $2, $3)";
        for (var i = 1; i <= 3; i++) insert.Parameters.Add(new NpgsqlParameter());
        return Insert(answers, connection, insert);
    }

    private static double Insert(int answers, System.Data.Common.DbConnection connection, System.Data.Common.DbCommand insert)
    {
        var (reply, prompt) = (System.Text.Encoding.UTF8.GetBytes(Reply), System.Text.Encoding.UTF8.GetBytes(Prompt));
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < answers; i++)
        {
            if (i % Conversations == 0) Execute(connection, "BEGIN");
            (insert.Parameters[0].Value, insert.Parameters[1].Value, insert.Parameters[2].Value) = ((long)i, reply, prompt);
            insert.ExecuteNonQuery();
            if (i % Conversations == Conversations - 1 || i == answers - 1) Execute(connection, "COMMIT");
        }

        return clock.Elapsed.TotalSeconds;
    }

    private static string Hash(int i) => i.ToString("x64", CultureInfo.InvariantCulture);

    private static void Execute(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Report(string what, int answers, double seconds) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what,-26} {answers / seconds,9:N0} answers/s ({answers} in {seconds:0.00} s, groups of up to {Conversations})"));
}
