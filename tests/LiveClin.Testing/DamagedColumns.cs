using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using Microsoft.Data.Sqlite;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Testing;

/// <summary>A filled store, and damage of its columns that SQLite itself would refuse.</summary>
public static class DamagedColumns
{
    /// <summary>A store with a row in every table, and two runs; the first one is damaged.</summary>
    public static async Task CreateAsync(string path)
    {
        var release = ReleaseOf(2, 1);
        await using var store = ResultStore.Open(path);
        await store.WriteAsync(write =>
        {
            write.AddRelease(release);
            foreach (var (id, model) in new[] { ("run1", "model"), ("run2", "other") })
            {
                write.AddRun(Run(id, model) with { Target = RunTarget.Of(null, 2) }, $"key-{id}");
                write.PutStartRequest(id, $"key-{id}", new string('c', 64));
                foreach (var (ordinal, question) in new[] { (0, 0), (0, 1), (1, 0) })
                {
                    foreach (var epoch in new[] { 1, 2 })
                        write.PutAnswer(id, Answer(ordinal, question, Outcome.Correct) with
                        {
                            Epoch = epoch,
                            PromptHash = "p",
                            Endpoint = "http://127.0.0.1:1/v1",
                        });
                }

                write.AddEvent(id, "resumed", "again");
                write.PutRunImage(id,
                    new RunImage("a.jpg", new string('b', 64), 10, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
                write.PutRunCases(id, [new RunCase(0, "h", [new RunQuestion(true, LetterMap.Identity)])]);
                write.PutEnvironment(id, new RecordedEnvironment(DateTimeOffset.UnixEpoch.AddYears(50), new RunEnvironment
                {
                    ProgramVersion = "1", Machine = "m", Endpoint = "http://127.0.0.1:1/v1",
                }));
            }

            write.PutPrompt("p", "text", $"[\"{new string('b', 64)}\"]");
            write.PutImage(new string('b', 64), "/nowhere/a.jpg", "image/jpeg", 10);
            write.PutVerdict(release.Sha256, new Verdict(default, 0, 0, true, "me", DateTimeOffset.UnixEpoch.AddYears(50)));
        });
        await store.CheckpointAsync();
    }

    /// <summary>The tables of a store.</summary>
    public static IReadOnlyList<string> Tables { get; } =
    [
        "releases", "cases", "runs", "answers", "prompts", "images", "events", "run_images", "run_cases", "run_environments", "verdicts",
        "start_requests",
    ];

    /// <summary>The columns of a table, by SQLite's own account.</summary>
    public static IReadOnlyList<string> ColumnsOf(string store, string table)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
        using var reader = command.ExecuteReader();
        var columns = new List<string>();
        while (reader.Read()) columns.Add(reader.GetString(0));
        return columns;
    }

    /// <summary>Puts a value into a column of a table's first row; false where no file can hold it.</summary>
    public static bool TryDamage(string store, string table, string column, string value)
    {
        using var connection = new SqliteConnection($"Data Source={store};Pooling=False");
        connection.Open();
        try
        {
            // What the declaration forbids, a broken disk does.
            Execute(connection, "PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON");
            Execute(connection, $"UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE name = '{table}'");
            Execute(connection, "PRAGMA writable_schema = RESET");
            Execute(connection, $"UPDATE {table} SET {column} = {value} WHERE {FirstOf(table)}");
            return true;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is 19 or 20)
        {
            return false; // no second row of a key, no word in a row's number
        }
    }

    private static string FirstOf(string table) => table switch
    {
        "releases" or "prompts" or "images" or "verdicts" => "TRUE",
        "cases" => "ordinal = 0",
        "runs" => "seq = 1",
        "answers" => "run = 1 AND epoch = 1 AND case_ordinal = 0 AND question = 0",
        _ => "run = 1",
    };

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
