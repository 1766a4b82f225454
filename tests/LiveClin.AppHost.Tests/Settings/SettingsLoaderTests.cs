using System.IO.Pipes;
using LiveClin.AppHost.Settings;
using LiveClin.Testing;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Tests.Settings;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_settings_floors_and_simulated_examinees_are_evaluated_on_the_demo()
    {
        var (settings, failures) = Load("""{}""");

        Assert.Empty(failures);
        Assert.Equal(("demo", null, 100, true), (settings!.ReleaseName, settings.JsonlPath, settings.Concurrency, settings.LocalImages));
        Assert.Equal(
            ["baseline/best-constant", "baseline/random", "baseline/longest-option", "baseline/overlap"],
            settings.Models.Where(m => m.IsInFloorBlock).Select(m => m.ApiId));
        Assert.Equal(
            [
                "simulated/knows-90", "simulated/knows-65", "simulated/first-guess-60", "simulated/knows-60", "simulated/sighted-60", "simulated/memorised-60",
                "simulated/forgetful-60",
            ],
            settings.Models.Where(m => m.IsSimulated).Select(m => m.Name));
        Assert.Equal(11, settings.Models.Count);
        Assert.All(settings.Models, m => Assert.Equal(ServerKind.Baseline, m.Server));
    }

    [Fact]
    public void Without_settings_those_who_know_as_much_are_asked_under_a_few_conditions_and_nobody_else_is()
    {
        var (settings, _) = Load("""{}""");
        var controlled = settings!.Models.Where(m => m.Conditions!.Count > 1).ToList();
        Assert.Equal(["simulated/knows-60", "simulated/sighted-60", "simulated/memorised-60", "simulated/forgetful-60"], controlled.Select(m => m.Name));
        Assert.All(controlled, m => Assert.Equal(["published", "shuffled:1", "no-images", "gold-history"], m.Conditions!));
        Assert.All(settings.Models.Except(controlled), m => Assert.Equal(["published"], m.Conditions!));

        // Whoever says what is asked, or of whom, gets that and no more.
        foreach (var (json, switches) in ((string, Switches)[])
        [
            ("""{}""", new Switches { Models = ["simulated/knows-60"] }), ("""{}""", new Switches { Conditions = ["no-case"] }),
            ("""{ "LiveClin": { "Conditions": ["no-case"] } }""", new Switches()),
        ])
            Assert.All(Load(json, switches).Settings!.Models, m => Assert.Null(m.Conditions));
    }

    [Theory]
    [InlineData("baseline/always-C", true)]
    [InlineData("baseline/overlap", true)]
    [InlineData("simulated/knows-7", true)]
    [InlineData("baseline/always-K", false)]
    [InlineData("gpt-5", false)]
    public void Without_settings_any_built_in_examinee_can_be_named(string name, bool exists)
    {
        var (settings, failures) = Load("""{}""", new Switches { Models = [name] });
        Assert.Equal(exists, settings?.Models.Single() is { IsInFloorBlock: false } model && model.ApiId == name);
        Assert.Equal(!exists, failures.Any(f => f.Contains($"there is no model '{name}'", StringComparison.Ordinal)));
    }

    [Fact]
    public void Dates_of_training_and_publication_are_checked_where_they_are_written()
    {
        File.WriteAllText(_folder["dates.csv"], "1,2024-10-01\n");
        const string Model = """{ "Name": "m", "Server": "endpoint", "Endpoint": "http://127.0.0.1:1/v1", "ApiId": "m", "TrainingCutoff": "DATE" }""";
        (SweepSettings? Settings, IReadOnlyList<string> Failures) With(string dates, string cutoff) => Load(
            $$"""{ "LiveClin": { "PublicationDates": "{{dates}}", "Models": [ {{Model.Replace("DATE", cutoff, StringComparison.Ordinal)}} ] } }""");

        var (settings, failures) = With(_folder["dates.csv"], "2024-10");
        Assert.Empty(failures);
        Assert.Equal(_folder["dates.csv"], settings!.PublicationDates);
        Assert.Contains(With(_folder["dates.csv"], "autumn").Failures, f => f.Contains("TrainingCutoff: 'autumn' is not a date such as 2024-10-01", StringComparison.Ordinal));
        Assert.Contains(With(_folder["none.csv"], "2024").Failures, f => f.Contains("LiveClin:PublicationDates: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_is_read_with_everything_that_it_may_have()
    {
        var (settings, failures) = Load("""
            { "LiveClin": { "Models": [ { "Name": "Q", "Server": "sglang", "Path": "Qwen/Qwen2.5-VL-7B-Instruct", "Tp": 2, "Dp": 4, "Args": ["--context-length", "32768"],
              "Environment": { "HF_HOME": "/data/hf" }, "StartTimeout": "00:10:00", "Restarts": 0, "Sampling": { "Temperature": 0.6, "TopP": 0.95, "MaxTokens": 8192, "Seed": 7 }, "Price": { "Input": 0.1 } } ] } }
            """);

        Assert.Empty(failures);
        var model = settings!.Models.Single();
        Assert.Equal(("Q", ServerKind.SGLang, "Qwen2.5-VL-7B-Instruct", 2, 4, 8, 0), (model.Name, model.Server, model.ApiId, model.Tp, model.Dp, model.NeededGpus, model.Restarts));
        Assert.Equal(TimeSpan.FromMinutes(10), model.StartTimeout);
        Assert.Equal(["--context-length", "32768"], model.Args);
        Assert.Equal("/data/hf", model.Environment["HF_HOME"]);
        Assert.Equal(new SamplingSettings { Temperature = 0.6, TopP = 0.95, MaxTokens = 8192, Seed = 7 }, model.Sampling);
    }

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
            "LiveClin:Models:0:Server: 'tgi' is not a kind of model server", "LiveClin:Models:1: a model needs a Name and an ApiId or a Path", "LiveClin:Models:1:Tp: 'two' is not a whole number", "LiveClin:Models: 2 models have the name 'B'", "LiveClin:Models:2:Endpoint: 'nonsense'",
            "LiveClin:Models:2:ApiKey: the parameter 'open-key' has no value", "LiveClin:Models:2:Router: only a model with Server 'sglang' and a Dp of 2 or more", "LiveClin:Models: 2 models have the name 'b'", "LiveClin:ImageMode: 'smoke'", "LiveClin:Concurrency: 0 is not between 1 and 10000", "LiveClin:Colour: there is no such setting",
        ];
        Assert.All(expected, e => Assert.Contains(failures, f => f.StartsWith(e, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, failures.Count);
    }

    [Fact]
    public void A_missing_key_is_asked_for_in_the_dashboard_unless_the_program_ends_by_itself()
    {
        const string Json = """{ "LiveClin": { "Models": [ { "Name": "A", "Server": "endpoint", "ApiId": "x", "Endpoint": "http://127.0.0.1:9/v1", "ApiKey": "open-key" } ] } }""";

        Assert.Empty(Load(Json, new Switches()).Failures);
        Assert.StartsWith("LiveClin:Models:0:ApiKey: the parameter 'open-key' has no value", Assert.Single(Load(Json).Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Store_and_ports_are_where_the_settings_say()
    {
        var (settings, failures) = Load("""{ "LiveClin": { "Store": "elsewhere/all.db", "Ports": { "Stats": 8610 } } }""");

        Assert.Empty(failures);
        Assert.Equal((Path.GetFullPath("elsewhere/all.db"), 8610, null), (settings!.Store.File, settings.StatsPort, settings.EvaluatorPort));
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
        Assert.Equal((name, database, isContainer, null), (settings!.Store.Name, settings.Store.Database, settings.Store.IsContainer, settings.Store.File));
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
    public void Two_models_of_one_name_are_refused()
    {
        var (_, failures) = Load("""{ "LiveClin": { "Models": [ { "Name": "A", "Server": "baseline", "ApiId": "baseline/random" }, { "Name": "a", "Server": "baseline", "ApiId": "baseline/overlap" } ] } }""");

        string[] expected = ["LiveClin:Models: 2 models have the name 'A'. Names must differ, because results are kept by name.", "LiveClin:Models: 2 models have the name 'a'. Names must differ, because results are kept by name."];
        Assert.Equal(expected, failures);
    }

    [Fact]
    public void What_is_wrong_with_a_model_is_its_matter_alone_while_there_are_others()
    {
        var (settings, failures) = Load("""
            { "LiveClin": { "Models": [ { "Name": "A", "Server": "tgi" }, { "Name": "B", "Server": "baseline", "ApiId": "baseline/random" },
              { "Name": "C", "Server": "endpoint", "ApiId": "c", "Endpoint": "http://127.0.0.1:1/v1", "ApiKey": "open-key" } ] } }
            """);

        Assert.Equal([("A", 1), ("B", 0), ("C", 1)], settings!.Models.Select(m => (m.Name, m.Problems.Count)));
        Assert.Equal(settings.Models.SelectMany(m => m.Problems), failures);
    }

    [Fact]
    public void Of_a_file_that_is_not_JSON_the_place_is_said()
    {
        File.WriteAllText(_folder["broken.json"], "{ \"LiveClin\": {\n  \"Limit\": 1 1 } }");

        var (settings, failures) = Load("{}", new Switches { SettingsFile = _folder["broken.json"] });

        Assert.Null(settings);
        Assert.Contains("LineNumber: 1", failures.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_cannot_be_written_to_are_refused()
    {
        File.WriteAllText(_folder["file"], "");

        var (_, failures) = Load($$"""{ "LiveClin": { "Results": {{System.Text.Json.JsonSerializer.Serialize(_folder["file"])}}, "Logs": {{System.Text.Json.JsonSerializer.Serialize(_folder["file/logs"])}}, "Models": [ { "Name": "A", "Server": "sglang", "Path": "a/b" } ] } }""");

        Assert.Equal(["LiveClin:Results:", "LiveClin:Logs:"], failures.Select(f => f.Split(' ')[0]));
        Assert.All(failures, f => Assert.Contains(" cannot be written to: ", f, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_environment_is_the_matter_of_its_model_alone()
    {
        var (settings, failures) = Load("""{ "LiveClin": { "Models": [ { "Name": "A", "Server": "sglang", "Path": "a/b", "Python": "./no-venv" } ] } }""");

        Assert.Empty(failures);
        Assert.StartsWith("The virtual environment './no-venv' does not exist", settings!.Models.Single().InterpreterProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(".venv", true)]
    [InlineData("env", false)]
    public void A_folder_gives_its_environment_or_that_of_its_project(string inside, bool isFound)
    {
        var interpreter = OperatingSystem.IsWindows() ? Path.Combine("Scripts", "python.exe") : Path.Combine("bin", "python");
        var python = Path.Combine(_folder["project"], inside, interpreter);
        Directory.CreateDirectory(Path.GetDirectoryName(python)!);
        File.WriteAllText(python, "");

        var model = Load($$"""{ "LiveClin": { "Models": [ { "Name": "A", "Server": "sglang", "Path": "a/b", "Python": {{System.Text.Json.JsonSerializer.Serialize(_folder["project"])}} } ] } }""").Settings!.Models.Single();

        Assert.Equal(isFound, model.InterpreterProblem is null);
        if (isFound) Assert.Equal(python, model.Interpreter);
        else Assert.Contains("uv sync", model.InterpreterProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_file_replaces_the_list_of_models_and_switches_win()
    {
        File.WriteAllText(_folder["more.json"], """{ "LiveClin": { "Concurrency": 7, "Models": [ { "Name": "only", "Server": "baseline", "ApiId": "baseline/random" } ] } }""");

        var (settings, failures) = Load("""{ "LiveClin": { "Concurrency": 3, "Limit": 9, "Models": [ { "Name": "x", "Server": "tgi" }, { "Name": "y", "Server": "tgi" } ] } }""",
            new Switches { SettingsFile = _folder["more.json"], Limit = 2 });

        Assert.Empty(failures);
        Assert.Equal(("only", 7, 2), (settings!.Models.Single().Name, settings.Concurrency, settings.Limit!.Value));
    }

    [Theory]
    [InlineData("open-key")]
    [InlineData("open_key")]
    public void A_key_is_found_by_its_parameter_also_as_shells_can_write_it(string name)
    {
        var (settings, failures) = Load($$"""{ "Parameters": { "{{name}}": "secret" }, "LiveClin": { "Models": [ { "Name": "E", "Server": "endpoint", "ApiId": "m", "Endpoint": "http://127.0.0.1:1/v1", "ApiKey": "open-key" } ] } }""");

        Assert.Empty(failures);
        Assert.Equal("open-key", settings!.Models.Single().ApiKey);
    }

    [Fact]
    public void A_description_for_a_deployment_names_keys_that_have_no_value_here()
    {
        var (settings, failures) = Load("""{ "LiveClin": { "Models": [ { "Name": "E", "Server": "endpoint", "ApiId": "m", "Endpoint": "http://127.0.0.1:1/v1", "ApiKey": "open-key" } ] } }""", forRun: false);

        Assert.Empty(failures);
        Assert.Equal("open-key", settings!.Models.Single().ApiKey);
    }

    [Fact]
    public void A_cost_limit_needs_a_price_and_prices_are_in_one_currency()
    {
        const string Model = """ "Server": "endpoint", "ApiId": "m", "Endpoint": "http://127.0.0.1:1/v1" """;
        var (settings, failures) = Load("{ \"LiveClin\": { \"Models\": [ { \"Name\": \"A\", " + Model + ", \"MaxCost\": 5, \"Price\": { \"Input\": 2.5, \"Output\": 10 } } ] } }");
        Assert.Empty(failures);
        Assert.Equal((5, new PriceSettings(2.5, null, 10, "USD")), (settings!.Models[0].MaxCost, settings.Models[0].Price));

        (_, failures) = Load("{ \"LiveClin\": { \"Models\": [ { \"Name\": \"A\", " + Model + ", \"MaxCost\": 5 }, { \"Name\": \"B\", " + Model + ", \"Price\": { \"Input\": -1, \"Currency\": \"euro\" } } ] } }");
        foreach (var problem in (string[])["Models:0:MaxCost: it needs a Price", "Models:1:Price:Input: -1 is not between 0", "Models:1:Price:Currency: 'euro'"])
            Assert.Contains(failures, failure => failure.Contains(problem, StringComparison.Ordinal));

        (_, failures) = Load("{ \"LiveClin\": { \"Models\": [ { \"Name\": \"A\", " + Model + ", \"Price\": { \"Input\": 1, \"Currency\": \"EUR\" } }, { \"Name\": \"B\", " + Model + ", \"Price\": { \"Input\": 1 } } ] } }");
        Assert.Contains("prices are in EUR and USD", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_an_endpoint_has_batches()
    {
        var (settings, failures) = Load("""
            { "LiveClin": { "Models": [
              { "Name": "A", "Server": "endpoint", "ApiId": "m", "Endpoint": "http://127.0.0.1:1/v1", "Batch": true },
              { "Name": "B", "Server": "sglang", "Path": "x/y", "Batch": true } ] } }
            """);
        Assert.True(settings!.Models[0].Batch);
        Assert.Contains("Models:1:Batch: only a model with Server 'endpoint'", Assert.Single(failures), StringComparison.Ordinal);
    }

    [Fact]
    public void A_settings_file_that_is_broken_is_named_with_the_line()
    {
        File.WriteAllText(_folder["mine.json"], "{ \"LiveClin\": {\n  \"Concurrency\": 5,,\n} }");
        var (_, failures) = Load("{}", new Switches { SettingsFile = _folder["mine.json"] });

        Assert.StartsWith($"--settings: {_folder["mine.json"]} is not JSON: ", Assert.Single(failures), StringComparison.Ordinal);
        Assert.Contains("LineNumber: 1", failures[0], StringComparison.Ordinal);
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

    private (SweepSettings? Settings, IReadOnlyList<string> Failures) Load(string json, Switches? switches = null, bool forRun = true)
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));
        return SettingsLoader.Load(configuration, switches ?? new Switches { ExitWhenDone = true }, _folder.FullName, forRun);
    }
}
