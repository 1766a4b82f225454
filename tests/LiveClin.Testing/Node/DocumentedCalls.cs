using System.Text.RegularExpressions;

namespace LiveClin.Testing.Node;

/// <summary>The JavaScript of docs/grpc.md, run with the real packages against services of a test.</summary>
public static partial class DocumentedCalls
{
    /// <summary>Runs the example that talks to a service and returns what it wrote.</summary>
    /// <param name="service">Name of the service in the contract.</param>
    /// <param name="replace">What stands in the example (addresses, files) and what it is here.</param>
    public static async Task<string> RunAsync(string service, params (string Documented, string Here)[] replace)
    {
        var packages = await NodePackages.InstallAsync("tests", "LiveClin.Testing", "Node");
        var document = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "docs", "grpc.md"));
        var code = Example().Matches(document).Select(match => match.Groups[1].Value)
            .Single(text => text.Contains($"new {service}(", StringComparison.Ordinal));
        foreach (var (documented, here) in replace.Append(("'node_modules/", $"'{packages.Folder}/node_modules/"))
            .Append(("'LiveClin.", $"'{SharedData.RepositoryRoot}/LiveClin.")))
        {
            if (!code.Contains(documented, StringComparison.Ordinal))
                throw new InvalidOperationException($"The example of {service} in docs/grpc.md does not have \"{documented}\".");
            code = code.Replace(documented, here, StringComparison.Ordinal);
        }

        var script = Path.Combine(packages.Folder, $"{service}-{Environment.ProcessId}.mjs");
        try
        {
            await File.WriteAllTextAsync(script, code);
            return await packages.RunAsync(script);
        }
        finally
        {
            File.Delete(script);
        }
    }

    [GeneratedRegex("```js\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
