using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>The settings of one model.</summary>
public sealed class ModelSettingsTests : LoadedSettings
{
    [Fact]
    public void A_model_is_read_with_everything_that_it_may_have()
    {
        var (settings, failures) = Load("""
            { "LiveClin": { "Models": [ { "Name": "Q", "Server": "sglang", "Path": "Qwen/Qwen2.5-VL-7B-Instruct", "Tp": 2, "Dp": 4, "Args": ["--context-length", "32768"],
              "Environment": { "HF_HOME": "/data/hf" }, "StartTimeout": "00:10:00", "Restarts": 0, "Sampling": { "Temperature": 0.6, "TopP": 0.95, "MaxTokens": 8192, "Seed": 7 }, "Price": { "Input": 0.1 } } ] } }
            """);

        Assert.Empty(failures);
        var model = settings!.Models.Single();
        Assert.Equal(("Q", ServerKind.SGLang, "Qwen2.5-VL-7B-Instruct", 2, 4, 8, 0),
            (model.Name, model.Server, model.ApiId, model.Tp, model.Dp, model.NeededGpus, model.Restarts));
        Assert.Equal(TimeSpan.FromMinutes(10), model.StartTimeout);
        Assert.Equal(["--context-length", "32768"], model.Args);
        Assert.Equal("/data/hf", model.Environment["HF_HOME"]);
        Assert.Equal(new SamplingSettings { Temperature = 0.6, TopP = 0.95, MaxTokens = 8192, Seed = 7 }, model.Sampling);
    }

    [Fact]
    public void Dates_of_training_and_publication_are_checked_where_they_are_written()
    {
        File.WriteAllText(Folder["dates.csv"], "1,2024-10-01\n");
        const string Model = """{ "Name": "m", "Server": "endpoint", "Endpoint": "http://127.0.0.1:1/v1", "ApiId": "m", "TrainingCutoff": "DATE" }""";
        (SweepSettings? Settings, IReadOnlyList<string> Failures) With(string dates, string cutoff) => Load(
            $$"""{ "LiveClin": { "PublicationDates": "{{dates}}", "Models": [ {{Model.Replace("DATE", cutoff, StringComparison.Ordinal)}} ] } }""");

        var (settings, failures) = With(Folder["dates.csv"], "2024-10");
        Assert.Empty(failures);
        Assert.Equal(Folder["dates.csv"], settings!.PublicationDates);
        Assert.Contains(With(Folder["dates.csv"], "autumn").Failures,
            f => f.Contains("TrainingCutoff: 'autumn' is not a date such as 2024-10-01", StringComparison.Ordinal));
        Assert.Contains(With(Folder["none.csv"], "2024").Failures,
            f => f.Contains("LiveClin:PublicationDates: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_key_is_asked_for_in_the_dashboard_unless_the_program_ends_by_itself()
    {
        const string Json = """{ "LiveClin": { "Models": [ { "Name": "A", "Server": "endpoint", "ApiId": "x", "Endpoint": "http://127.0.0.1:9/v1", "ApiKey": "open-key" } ] } }""";

        Assert.Empty(Load(Json, new Switches()).Failures);
        Assert.StartsWith("LiveClin:Models:0:ApiKey: the parameter 'open-key' has no value", Assert.Single(Load(Json).Failures),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Two_models_of_one_name_are_refused()
    {
        var (_, failures) = Load("""{ "LiveClin": { "Models": [ { "Name": "A", "Server": "baseline", "ApiId": "baseline/random" }, { "Name": "a", "Server": "baseline", "ApiId": "baseline/overlap" } ] } }""");

        string[] expected = ["LiveClin:Models: 2 models have the name 'A'. Names must differ, because results are kept by name.",
            "LiveClin:Models: 2 models have the name 'a'. Names must differ, because results are kept by name."];
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
    public void A_missing_environment_is_the_matter_of_its_model_alone()
    {
        var (settings, failures) = Load("""{ "LiveClin": { "Models": [ { "Name": "A", "Server": "sglang", "Path": "a/b", "Python": "./no-venv" } ] } }""");

        Assert.Empty(failures);
        Assert.StartsWith("The virtual environment './no-venv' does not exist", settings!.Models.Single().InterpreterProblem,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(".venv", true)]
    [InlineData("env", false)]
    public void AFolder_gives_its_environment_or_that_of_its_project(string inside, bool isFound)
    {
        var interpreter = OperatingSystem.IsWindows() ? Path.Combine("Scripts", "python.exe") : Path.Combine("bin", "python");
        var python = Path.Combine(Folder["project"], inside, interpreter);
        Directory.CreateDirectory(Path.GetDirectoryName(python)!);
        File.WriteAllText(python, "");

        var model = Load($$"""{ "LiveClin": { "Models": [ { "Name": "A", "Server": "sglang", "Path": "a/b", "Python": {{System.Text.Json.JsonSerializer.Serialize(Folder["project"])}} } ] } }""").Settings!.Models.Single();

        Assert.Equal(isFound, model.InterpreterProblem is null);
        if (isFound) Assert.Equal(python, model.Interpreter);
        else Assert.Contains("uv sync", model.InterpreterProblem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open-key")]
    [InlineData("open_key")]
    public void A_key_is_found_by_its_parameter_also_as_shells_can_write_it(string name)
    {
        var (settings, failures) =
            Load($$"""{ "Parameters": { "{{name}}": "secret" }, "LiveClin": { "Models": [ { "Name": "E", "Server": "endpoint", "ApiId": "m", "Endpoint": "http://127.0.0.1:1/v1", "ApiKey": "open-key" } ] } }""");

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
        var (settings, failures) = Load("{ \"LiveClin\": { \"Models\": [ { \"Name\": \"A\", " + Model
            + ", \"MaxCost\": 5, \"Price\": { \"Input\": 2.5, \"Output\": 10 } } ] } }");
        Assert.Empty(failures);
        Assert.Equal((5, new PriceSettings(2.5, null, 10, "USD")), (settings!.Models[0].MaxCost, settings.Models[0].Price));

        (_, failures) = Load("{ \"LiveClin\": { \"Models\": [ { \"Name\": \"A\", " + Model + ", \"MaxCost\": 5 }, { \"Name\": \"B\", "
            + Model + ", \"Price\": { \"Input\": -1, \"Currency\": \"euro\" } } ] } }");
        foreach (var problem in (string[])["Models:0:MaxCost: it needs a Price", "Models:1:Price:Input: -1 is not between 0",
            "Models:1:Price:Currency: 'euro'"])
            Assert.Contains(failures, failure => failure.Contains(problem, StringComparison.Ordinal));

        (_, failures) = Load("{ \"LiveClin\": { \"Models\": [ { \"Name\": \"A\", " + Model
            + ", \"Price\": { \"Input\": 1, \"Currency\": \"EUR\" } }, { \"Name\": \"B\", " + Model
            + ", \"Price\": { \"Input\": 1 } } ] } }");
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
}
