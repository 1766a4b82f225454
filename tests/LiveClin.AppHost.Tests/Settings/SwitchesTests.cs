using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Tests.Settings;

public sealed class SwitchesTests
{
    [Theory]
    [InlineData("--publisher manifest --output-path aspire.json")]
    [InlineData("--operation publish --step publish --output-path out --log-level debug --include-exception-details true --environment Production")]
    [InlineData("--operation publish --step deploy --clear-cache true")]
    [InlineData("--operation publish --step destroy --yes true")]
    [InlineData("--LiveClin:Limit=5")]
    public void What_Aspires_tools_say_is_handed_on(string line)
    {
        var args = line.Split(' ');

        var (switches, _) = Switches.Parse(["--limit", "3", .. args]);

        Assert.Equal(args, switches!.Rest);
        Assert.Equal(3, switches.Limit);
    }

    [Fact]
    public void What_nobody_knows_is_refused()
    {
        var (switches, code) = Switches.Parse(["--publish"]);

        Assert.Equal((null, ExitCodes.Invalid), (switches, code));
    }
}
