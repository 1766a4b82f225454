using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace LiveClin.Testing.Node;

/// <summary>A folder with Node packages, installed once per version of its package.json, outside the repository.</summary>
public sealed class NodePackages
{
    private NodePackages(string folder) => Folder = folder;

    /// <summary>The folder; scripts in it find the packages.</summary>
    public string Folder { get; }

    /// <summary>
    /// Installs what a folder's package.json names, and copies its scripts. No npm or no registry: the test fails in CI and is skipped
    /// elsewhere.
    /// </summary>
    /// <param name="source">Folder in the repository, for example <c>tests/LiveClin.Testing/Node</c>.</param>
    public static async Task<NodePackages> InstallAsync(params string[] source)
    {
        var from = Path.Combine([SharedData.RepositoryRoot, .. source]);
        var package = await File.ReadAllBytesAsync(Path.Combine(from, "package.json"), TestContext.Current.CancellationToken);
        var folder = Path.Combine(Path.GetTempPath(), "liveclin-node-" + Convert.ToHexStringLower(SHA256.HashData(package))[..12]);
        Directory.CreateDirectory(folder);
        // Test projects run side by side: one of them installs.
        await using var alone = await LockAsync(Path.Combine(folder, ".lock"));
        foreach (var file in Directory.GetFiles(from).Where(file => !file.EndsWith(".cs", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        if (File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json"))) return new NodePackages(folder);
        try
        {
            await RunAsync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], folder);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception
            && !string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Skip($"The Node packages of {Path.Combine(source)} cannot be installed: {e.Message}");
        }

        return new NodePackages(folder);
    }

    /// <summary>Runs a script that lies in the folder and returns what it wrote.</summary>
    public Task<string> RunAsync(params string[] arguments) => RunAsync("node", arguments, Folder);

    private static async Task<string> RunAsync(string program, string[] arguments, string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder,
            RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} did not end: {await output} {await error}");
        }

        return process.ExitCode == 0
            ? await output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output} {await error}");
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        while (true)
        {
            try { return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            // another process has it, and tells nobody when it is done
            catch (IOException) { await Task.Delay(100, TestContext.Current.CancellationToken); }
        }
    }
}
