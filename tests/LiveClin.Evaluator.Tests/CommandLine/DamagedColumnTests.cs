using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>
/// Whatever column of a store holds whatever it cannot hold: every command that reads ends in order, with words, and the sound run is
/// there.
/// </summary>
public sealed class DamagedColumnTests : IDisposable
{
    private const string Word = "'garbage'";

    // What a number's column and what a text's column can be spoiled with.
    private static readonly string[] Values = [Word, "NULL", "9223372036854775807", "-3", "9e999", "x'00ff41'"];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Tables =>
        [.. DamagedColumns.Tables];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task No_damaged_column_ends_a_command_without_words(string table)
    {
        var whole = _folder["whole.db"];
        await DamagedColumns.CreateAsync(whole);
        var faults = new List<string>();
        foreach (var column in DamagedColumns.ColumnsOf(whole, table))
        {
            foreach (var value in Values)
            {
                var damaged = _folder["damaged.db"];
                File.Copy(whole, damaged, overwrite: true);
                if (!DamagedColumns.TryDamage(damaged, table, column, value)) continue;
                foreach (var (command, arguments) in value == Word ? AllCommands(damaged) : Commands(damaged))
                    if (await FindFaultAsync(table, command, arguments) is { } fault)
                        faults.Add($"{table}.{column} = {value}: {command}: {fault}");
            }
        }

        if (faults.Count > 0) Assert.Fail(string.Join('\n', faults));
    }

    // What reads most, of all values; the rest of one.
    private IEnumerable<(string Command, string[] Arguments)> Commands(string store)
    {
        yield return ("list", ["runs", "list", "--all", "--store", store]);
        yield return ("show run1", ["runs", "show", "run1", "--store", store]);
        yield return ("export core", ["export", "--format", "core", "--run", "run1", "--output", Fresh("core"), "--store", store]);
        yield return ("export csv", ["export", "--format", "csv", "--output", Fresh("out.csv"), "--store", store]);
    }

    private IEnumerable<(string Command, string[] Arguments)> AllCommands(string store) =>
    [
        .. Commands(store),
        ("show run2", ["runs", "show", "run2", "--store", store]),
        ("failures", ["runs", "failures", "run1", "--store", store]),
        ("rescore", ["rescore", "--run", "run1", "--store", store]),
        ("export v1", ["export", "--format", "v1", "--run", "run1", "--output", Fresh("out.json"), "--store", store]),
        ("merge", ["merge", store, "--into", Fresh("merged.db")]),
        ("backup", ["backup", Fresh("backup.db"), "--store", store]),
        ("reviews", ["reviews", "list", "--store", store]),
        ("estimate", ["estimate", "--model", "model", "--api-base", "http://127.0.0.1:1/v1", "--store", store]),
    ];

    private string Fresh(string name)
    {
        foreach (var file in Directory.EnumerateFiles(_folder.FullName, name + "*")) File.Delete(file);
        if (Directory.Exists(_folder[name])) Directory.Delete(_folder[name], recursive: true);
        return _folder[name];
    }

    private static async Task<string?> FindFaultAsync(string table, string command, string[] arguments)
    {
        try
        {
            var result = await CommandRunner.RunAsync(arguments);
            var said = result.Output + result.Error;
            if (result.ExitCode is not (0 or 1 or 2)) return $"exit code {result.ExitCode}: {said}";
            if (result.ExitCode > 0 && !said.Contains("damaged", StringComparison.Ordinal) && result.Error.Length == 0) return "no words";
            // The damage of a release is that of both runs on it.
            if (table is "releases" && result.ExitCode > 0) return null;
            if (command == "list" && !said.Contains("run2", StringComparison.Ordinal)) return $"run2 is gone: {said}";
            if (command == "export csv" && !(await File.ReadAllTextAsync(arguments[4])).Contains("run2", StringComparison.Ordinal))
                return "run2 is not exported";
            return command is "show run2" or "list" or "backup" or "merge" or "export csv" && result.ExitCode == 2
                ? $"exit code 2: {said}" : null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return $"{error.GetType().Name}: {error.Message} {string.Join(" < ", error.StackTrace!.Split('\n').Take(4).Select(line => line.Trim()))}";
        }
    }
}
