using System.Text.Json.Nodes;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Models;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The description for a deployment: <c>--publisher manifest</c>.</summary>
public sealed class ManifestTests : IDisposable
{
    private const string Secret = "hf_0123456789";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_has_the_services_and_the_server_but_no_secret_and_no_folder_of_this_machine()
    {
        var model = SGLang("Qwen", "org/model", tp: 2).With("Environment", new JsonObject
        {
            ["HF_TOKEN"] = Secret,
            ["HF_HOME"] = "/data/hf",
        });
        var api = new JsonObject
        {
            ["Name"] = "api",
            ["Server"] = "endpoint",
            ["Endpoint"] = "https://api.example.com/v1",
            ["ApiId"] = "m",
            ["ApiKey"] = "api-key",
        };
        using var host = AppHostProcess.StartAndStay(_folder, [model, api], null, "--publisher", "manifest", "--output-path",
            _folder["aspire.json"]);

        Assert.Equal(0, await host.EndAsync(TestContext.Current.CancellationToken));

        var text = await File.ReadAllTextAsync(_folder["aspire.json"], TestContext.Current.CancellationToken);
        var resources = JsonNode.Parse(text)!["resources"]!.AsObject();
        Assert.Equal(
            ["access-token parameter.v0", "api-key parameter.v0", "baselines project.v0", "evaluator project.v0", "sglang executable.v0",
                "sglang-hf-token parameter.v0", "stats project.v0"],
            resources.Select(r => $"{r.Key} {r.Value!["type"]}").Order());
        Assert.Equal("python3", (string?)resources["sglang"]!["command"]);
        Assert.Equal(("{sglang-hf-token.value}", "/data/hf"),
            ((string?)resources["sglang"]!["env"]!["HF_TOKEN"], (string?)resources["sglang"]!["env"]!["HF_HOME"]));
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.FullName, text, StringComparison.Ordinal);
        // Projects are named by paths relative to the description; nothing else is of this machine.
        Assert.DoesNotContain($"\"{SharedData.RepositoryRoot}", text, StringComparison.Ordinal);
    }
}
