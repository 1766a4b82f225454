using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>What is evaluated where no models are configured.</summary>
public sealed class DefaultSettingsTests : LoadedSettings
{
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
                "simulated/knows-90", "simulated/knows-65", "simulated/first-guess-60", "simulated/knows-60", "simulated/sighted-60",
                "simulated/memorised-60",
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
        Assert.Equal(["simulated/knows-60", "simulated/sighted-60", "simulated/memorised-60", "simulated/forgetful-60"],
            controlled.Select(m => m.Name));
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
}
