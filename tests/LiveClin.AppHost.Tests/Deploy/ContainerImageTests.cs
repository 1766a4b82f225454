using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>
/// The images of evaluator and statistics, made and pushed by the SDK alone, into a registry on loopback and on an empty base: the real
/// base is pulled from the internet, and is not here.
/// </summary>
public sealed class ContainerImageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("LiveClin.Evaluator", "liveclin-evaluator")]
    [InlineData("LiveClin.Stats", "liveclin-stats")]
    public async Task Is_pushed_with_its_program_and_an_ordinary_user(string project, string repository)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var registry = await RegistryDouble.StartAsync();
        var configuration = typeof(ContainerImageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        // What is built stays as it is: tests beside this one run from there.
        string[] arguments =
        [
            "publish", Path.Combine(SharedData.RepositoryRoot, project), "/t:PublishContainer", "--no-build", "--no-restore", "-c",
            configuration, "-v", "quiet", "-nologo",
            "-p:UseAppHost=false", $"-p:PublishDir={_folder["published"]}/", $"-p:ContainerRegistry={registry.Address}",
            $"-p:ContainerBaseImage={registry.Address}/base:10.0",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = registry.Address; // it speaks no TLS
        using var publish = Process.Start(start)!;
        var (output, errors) = (publish.StandardOutput.ReadToEndAsync(stop), publish.StandardError.ReadToEndAsync(stop));
        await publish.WaitForExitAsync(stop);
        Assert.True(publish.ExitCode == 0, await output + await errors);

        var image = $"{repository}:0.1.0";
        var made = registry.ConfigurationOf(image);
        Assert.Equal("1654", (string)made["User"]!);
        var entry = made["Entrypoint"]!.AsArray().Select(word => (string)word!).ToList();
        Assert.Equal(["dotnet", $"/app/{project}.dll"], entry);
        var files = registry.LayersOf(image).SelectMany(Names).ToList();
        Assert.Contains($"app/{project}.dll", files);
        Assert.Contains("app/appsettings.json", files);
    }

    private static List<string> Names(byte[] layer)
    {
        using var reader = new TarReader(new GZipStream(new MemoryStream(layer), CompressionMode.Decompress));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry) names.Add(entry.Name.TrimStart('.', '/'));
        return names;
    }
}
