using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.Testing;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>
/// What a store becomes in the app model. A container cannot be started in these tests: how it is described is what they look at.
/// </summary>
public sealed class StoreResourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_container_is_a_server_with_a_volume_and_the_evaluator_waits_for_its_database()
    {
        var (builder, evaluator) = Build("container");
        var server = Assert.Single(builder.Resources.OfType<PostgresServerResource>());
        Assert.Equal("liveclin-postgres", Assert.Single(server.Annotations.OfType<ContainerMountAnnotation>()).Source);
        var database = Assert.Single(builder.Resources.OfType<PostgresDatabaseResource>());
        Assert.Equal("liveclin", database.Name); // ConnectionStrings:liveclin
        Assert.Contains(evaluator.Annotations.OfType<WaitAnnotation>(), wait => wait.Resource == database);
    }

    [Fact]
    public void A_database_is_handed_on_as_a_secret_and_a_file_as_it_is()
    {
        var (builder, _) = Build("postgres://me:secret@127.0.0.1/db");
        Assert.True(Assert.Single(builder.Resources.OfType<ParameterResource>(), parameter => parameter.Name == "store").Secret);
        Assert.Empty(builder.Resources.OfType<PostgresServerResource>());
        Assert.DoesNotContain(Build("file.db").Builder.Resources, resource => resource is ParameterResource { Name: "store" });
    }

    private (IDistributedApplicationBuilder Builder, ServiceResource Evaluator) Build(string store)
    {
        var configuration = new ConfigurationManager();
        configuration["LiveClin:Store"] = store;
        var (settings, failures) = SettingsLoader.Load(configuration, new Switches { ExitWhenDone = true }, _folder.FullName);
        Assert.Empty(failures);
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        var evaluator = builder.AddResource(
            new ServiceResource("evaluator", new ServiceProgram(typeof(StoreResourceTests).Assembly.Location, "evaluator.csproj")));
        evaluator.WithStore(settings!);
        return (builder, evaluator.Resource);
    }
}
