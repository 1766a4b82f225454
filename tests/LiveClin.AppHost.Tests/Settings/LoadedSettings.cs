using LiveClin.AppHost.Settings;
using LiveClin.Testing;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>Loads settings from JSON, with a folder for what they name.</summary>
public abstract class LoadedSettings : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected (SweepSettings? Settings, IReadOnlyList<string> Failures) Load(string json, Switches? switches = null,
        bool forRun = true)
    {
        var configuration = new ConfigurationManager();
        configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)));
        return SettingsLoader.Load(configuration, switches ?? new Switches { ExitWhenDone = true }, Folder.FullName, forRun);
    }
}
