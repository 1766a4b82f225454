using System.IO.Pipes;
using LiveClin.AppHost.Settings;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>Where settings come from, what goes before what, and how everything that is wrong is said.</summary>
public sealed class SettingsLoaderTests : LoadedSettings
{
    [Fact]
    public void All_failures_are_said_at_once_with_their_keys()
    {
        var (settings, failures) = Load("""
            { "LiveClin": { "Concurrency": 0, "ImageMode": "smoke", "Colour": 1, "Models": [
              { "Name": "A", "Server": "tgi" },
              { "Name": "B", "Server": "sglang", "Tp": "two" },
              { "Name": "b", "Server": "endpoint", "ApiId": "x", "Endpoint": "nonsense", "ApiKey": "open-key", "Router": true } ] } }
            """);

        Assert.Null(settings);
        string[] expected =
        [
            "LiveClin:Models:0:Server: 'tgi' is not a kind of model server",
            "LiveClin:Models:1: a model needs a Name and an ApiId or a Path", "LiveClin:Models:1:Tp: 'two' is not a whole number",
            "LiveClin:Models: 2 models have the name 'B'", "LiveClin:Models:2:Endpoint: 'nonsense'",
            "LiveClin:Models:2:ApiKey: the parameter 'open-key' has no value",
            "LiveClin:Models:2:Router: only a model with Server 'sglang' and a Dp of 2 or more",
            "LiveClin:Models: 2 models have the name 'b'", "LiveClin:ImageMode: 'smoke'",
            "LiveClin:Concurrency: 0 is not between 1 and 10000", "LiveClin:Colour: there is no such setting",
        ];
        Assert.All(expected, e => Assert.Contains(failures, f => f.StartsWith(e, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, failures.Count);
    }

    [Fact]
    public void Store_and_ports_are_where_the_settings_say()
    {
        var (settings, failures) = Load("""{ "LiveClin": { "Store": "elsewhere/all.db", "Ports": { "Stats": 8610 } } }""");

        Assert.Empty(failures);
        Assert.Equal((Path.GetFullPath("elsewhere/all.db"), 8610, null),
            (settings!.Store.File, settings.StatsPort, settings.EvaluatorPort));
    }

    [Theory]
    [InlineData("""{ "LiveClin": { "Store": "postgres://me:secret@host/db" } }""", "postgresql://me@host/db", "postgres://me:secret@host/db", false)]
    [InlineData("""{ "LiveClin": { "Store": "Host=h;Database=d;Password=secret" } }""", "postgresql://h/d", "Host=h;Database=d;Password=secret", false)]
    [InlineData("""{ "ConnectionStrings": { "liveclin": "Host=h;Database=d" } }""", "postgresql://h/d", "Host=h;Database=d", false)]
    [InlineData("""{ "LiveClin": { "Store": "container" } }""", "postgresql://postgres@127.0.0.1:PORT/liveclin", null, true)]
    public void A_store_may_be_a_database_and_its_name_has_no_password(string json, string name, string? database, bool isContainer)
    {
        var (settings, failures) = Load(json);

        Assert.Empty(failures);
        Assert.Equal((name, database, isContainer, null),
            (settings!.Store.Name, settings.Store.Database, settings.Store.IsContainer, settings.Store.File));
    }

    [Fact]
    public void A_container_may_be_asked_for_by_the_switch()
    {
        var (settings, failures) = Load("{}", new Switches { ExitWhenDone = true, Store = "container" });

        Assert.Empty(failures);
        Assert.True(settings!.Store.IsContainer);
    }

    [Fact]
    public void A_connection_string_that_cannot_be_read_is_named_as_such()
    {
        var failure = Load("""{ "ConnectionStrings": { "liveclin": "Host=h;Bogus=1" } }""").Failures.Single();

        Assert.StartsWith("ConnectionStrings:liveclin: The address", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a-token-from-a-file\\n", "a-token-from-a-file", null)]
    [InlineData("a-token-from-a-file\\r\\n", "a-token-from-a-file", null)]
    [InlineData("a-token-from-a-file\\n\\n", null, "without spaces and line ends")]
    public void The_line_end_of_a_tokens_file_is_no_part_of_it(string text, string? token, string? problem)
    {
        var (settings, failures) = Load($$"""{ "LiveClin": { "Access": { "Token": "{{text}}" } } }""");

        Assert.Equal((token, problem is null ? 0 : 1), (settings?.AccessToken, failures.Count));
        if (problem is not null) Assert.Contains(problem, failures[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_the_argument_or_an_address_that_cannot_be_read_is_refused_and_not_repeated()
    {
        var switches = new Switches { ExitWhenDone = true, Store = "postgres://me:secret@host/db" };
        foreach (var failure in (string[])[Load("{}", switches).Failures.Single(), Load("""{ "LiveClin": { "Store": "Host=h;Pasword=secret" } }""").Failures.Single()])
            Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
        Assert.Contains("PGPASSWORD", Load("{}", switches).Failures.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_file_that_is_not_JSON_the_place_is_said()
    {
        File.WriteAllText(Folder["broken.json"], "{ \"LiveClin\": {\n  \"Limit\": 1 1 } }");

        var (settings, failures) = Load("{}", new Switches { SettingsFile = Folder["broken.json"] });

        Assert.Null(settings);
        Assert.Contains("LineNumber: 1", failures.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_cannot_be_written_to_are_refused()
    {
        File.WriteAllText(Folder["file"], "");

        var (_, failures) = Load(
            $$"""{ "LiveClin": { "Results": {{System.Text.Json.JsonSerializer.Serialize(Folder["file"])}}, "Logs": {{System.Text.Json.JsonSerializer.Serialize(Folder["file/logs"])}}, "Models": [ { "Name": "A", "Server": "sglang", "Path": "a/b" } ] } }""");

        Assert.Equal(["LiveClin:Results:", "LiveClin:Logs:"], failures.Select(f => f.Split(' ')[0]));
        Assert.All(failures, f => Assert.Contains(" cannot be written to: ", f, StringComparison.Ordinal));
    }

    [Fact]
    public void The_settings_file_replaces_the_list_of_models_and_switches_win()
    {
        File.WriteAllText(Folder["more.json"], """{ "LiveClin": { "Concurrency": 7, "Models": [ { "Name": "only", "Server": "baseline", "ApiId": "baseline/random" } ] } }""");

        var (settings, failures) = Load("""{ "LiveClin": { "Concurrency": 3, "Limit": 9, "Models": [ { "Name": "x", "Server": "tgi" }, { "Name": "y", "Server": "tgi" } ] } }""",
            new Switches { SettingsFile = Folder["more.json"], Limit = 2 });

        Assert.Empty(failures);
        Assert.Equal(("only", 7, 2), (settings!.Models.Single().Name, settings.Concurrency, settings.Limit!.Value));
    }

    [Fact]
    public void A_settings_file_that_is_broken_is_named_with_the_line()
    {
        File.WriteAllText(Folder["mine.json"], "{ \"LiveClin\": {\n  \"Concurrency\": 5,,\n} }");
        var (_, failures) = Load("{}", new Switches { SettingsFile = Folder["mine.json"] });

        Assert.StartsWith($"--settings: {Folder["mine.json"]} is not JSON: ", Assert.Single(failures), StringComparison.Ordinal);
        Assert.Contains("LineNumber: 1", failures[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settings_come_from_no_pipe_or_device_that_nobody_has_opened(bool isDevice)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes have names in the file system on Linux.");
        var file = isDevice ? "/dev/zero" : await NamedPipe.CreateAsync(Folder["mine.json"]);
        var (_, failures) = await Task.Run(() => Load("{}", new Switches { SettingsFile = file }))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal($"--settings: {file} cannot be read: {file} is no regular file.", Assert.Single(failures));
    }

    [Fact]
    public void Settings_may_come_through_a_pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes have names in the file system on Linux.");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.Write("""{ "LiveClin": { "Concurrency": 7, "Models": [ { "Name": "A", "Server": "baseline", "ApiId": "baseline/always-A" } ] } }"""u8);
        pipe.SafePipeHandle.Close();
        var (settings, failures) = Load("{}", new Switches { SettingsFile = $"/proc/self/fd/{pipe.GetClientHandleAsString()}" });

        Assert.Empty(failures);
        Assert.Equal((7, "A"), (settings!.Concurrency, Assert.Single(settings.Models).Name));
    }
}
