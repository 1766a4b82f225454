using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection;
using k8s;
using k8s.Models;
using LiveClin.AppHost.Settings;
using LiveClin.Testing;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>
/// The files of <c>deploy/kubernetes</c>: read strictly, consistent with each other, and of use to the programs that they start.
/// </summary>
public sealed class KubernetesTests : IDisposable
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "deploy/kubernetes");
    private static readonly string[] Files =
        [.. Directory.GetFiles(Folder, "*.yaml").Where(file => Path.GetFileName(file) != "kustomization.yaml")];
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public KubernetesTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    private static IReadOnlyList<object> Objects { get; } = [.. Files.SelectMany(file => Read(File.ReadAllText(file)))];

    private static IReadOnlyList<(string Name, V1PodTemplateSpec Template)> Pods { get; } =
    [
        .. Objects.OfType<V1Deployment>().Select(each => (each.Metadata.Name, each.Spec.Template)),
        .. Objects.OfType<V1Job>().Select(each => (each.Metadata.Name, each.Spec.Template)),
    ];

    [Fact]
    public void Every_field_is_known_and_every_file_is_named_in_the_kustomization()
    {
        Assert.True(Objects.Count > 12);
        Assert.Empty(Directory.GetFileSystemEntries(Folder).Except([.. Files, Path.Combine(Folder, "kustomization.yaml")]));
        // Examples are for the operator to change and apply.
        Assert.Equal(
            Files.Select(file => Path.GetFileName(file)).Where(file => !file.EndsWith(".example.yaml", StringComparison.Ordinal)).Order(),
            Kustomized.Resources.Order());
        var stats = File.ReadAllText(Path.Combine(Folder, "stats.yaml"));
        Assert.ThrowsAny<Exception>(() => Read(stats.Replace("replicas:", "replica:", StringComparison.Ordinal)));
        var job = File.ReadAllText(Path.Combine(Folder, "evaluate.yaml"));
        Assert.ThrowsAny<Exception>(() => Read(job.Replace("onExitCodes:", "onExitCode:", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_runs_as_root_writes_to_its_image_or_lacks_limits()
    {
        Assert.Equal(["evaluate", "evaluator", "fill-models", "fill-releases", "sglang", "stats"], Pods.Select(pod => pod.Name).Order());
        foreach (var (name, template) in Pods)
        {
            var (pod, container) = (template.Spec, Assert.Single(template.Spec.Containers));
            Assert.True(pod.SecurityContext.RunAsNonRoot == true && pod.SecurityContext.RunAsUser > 0, name);
            Assert.Equal(("RuntimeDefault", false), (pod.SecurityContext.SeccompProfile.Type, pod.AutomountServiceAccountToken));
            // A service called sglang would set SGLANG_PORT=tcp://…, which SGLang and the evaluator read.
            Assert.False(pod.EnableServiceLinks);
            Assert.Equal((false, true),
                (container.SecurityContext.AllowPrivilegeEscalation, container.SecurityContext.ReadOnlyRootFilesystem));
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.True(container.Resources.Limits.ContainsKey("memory") && container.Resources.Requests.ContainsKey("cpu"), name);
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp" && mount.ReadOnlyProperty != true);
            Assert.DoesNotContain(container.Env ?? [], variable => variable.Value?.Contains("assword", StringComparison.Ordinal) == true);
        }

        Assert.Equal("1", Pods.Single(pod => pod.Name == "sglang").Template.Spec.Containers[0].Resources.Limits["nvidia.com/gpu"]
            .ToString());
        Assert.All(Objects.OfType<V1Deployment>(), deployment => Assert.All(deployment.Spec.Template.Spec.Containers, container =>
            Assert.All((V1Probe[])[container.StartupProbe, container.ReadinessProbe, container.LivenessProbe],
                probe => Assert.NotNull(probe.HttpGet.Path))));
    }

    [Fact]
    public void What_refers_to_something_finds_it()
    {
        var labels = Pods.ToDictionary(pod => pod.Name, pod => pod.Template.Metadata.Labels["app.kubernetes.io/component"]);
        var ports = Pods.Where(pod => labels[pod.Name] != "fill")
            .ToDictionary(pod => labels[pod.Name], pod => pod.Template.Spec.Containers[0].Ports ?? []);
        foreach (var deployment in Objects.OfType<V1Deployment>())
            Assert.Equal(labels[deployment.Metadata.Name], deployment.Spec.Selector.MatchLabels["app.kubernetes.io/component"]);
        foreach (var service in Objects.OfType<V1Service>())
        {
            foreach (var port in service.Spec.Ports)
                Assert.Contains(ports[service.Spec.Selector["app.kubernetes.io/component"]], own => own.Name == port.TargetPort.Value
                    && own.ContainerPort == port.Port);
        }

        var secret = Assert.Single(Objects.OfType<V1Secret>());
        var claims = Objects.OfType<V1PersistentVolumeClaim>().Select(claim => claim.Metadata.Name).ToHashSet();
        foreach (var (_, template) in Pods)
        {
            foreach (var key in template.Spec.Containers[0].Env.Select(variable => variable.ValueFrom?.SecretKeyRef)
                .OfType<V1SecretKeySelector>())
                Assert.True(key.Name == secret.Metadata.Name && secret.StringData.ContainsKey(key.Key), key.Key);
            var volumes = template.Spec.Volumes.Select(volume => volume.Name).ToHashSet();
            Assert.All(template.Spec.Containers[0].VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
            Assert.All(template.Spec.Volumes.Select(volume => volume.PersistentVolumeClaim?.ClaimName).OfType<string>(),
                claim => Assert.Contains(claim, claims));
        }

        // Registry and version of each image stand in one place; an example that is applied by itself has the same.
        var images = Kustomized.Images.ToDictionary(image => image.Name, image => $"{image.NewName ?? image.Name}:{image.NewTag}");
        Assert.All(Pods, pod =>
            Assert.Contains(pod.Template.Spec.Containers[0].Image, labels[pod.Name] == "fill" ? images.Values : images.Keys));

        // Whoever may be called by a rule may be called by that port only, and exists.
        foreach (var policy in Objects.OfType<V1NetworkPolicy>())
        {
            var named = policy.Spec.PodSelector.MatchExpressions?.SelectMany(each => each.Values)
                ?? policy.Spec.PodSelector.MatchLabels.Values;
            Assert.All(named, component => Assert.Contains(component, labels.Values));
        }
    }

    [Fact]
    public async Task The_job_asks_what_it_says_and_the_services_take_their_variables()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var job = Pods.Single(pod => pod.Name == "evaluate").Template.Spec.Containers[0];
        var replaced = job.Args.Select(argument => argument.Split('=')[0] switch
        {
            "--api-base" => $"--api-base={server.BaseUrl}",
            "--dataset" => "--dataset=demo",
            "--data-dir" => $"--data-dir={Path.Combine(SharedData.RepositoryRoot, "data")}",
            _ => argument,
        });
        using (var evaluate = Start("LiveClin.Evaluator", new Dictionary<string, string>(),
            [.. replaced, "--store", _folder["s.db"], "--limit", "2"]))
        {
            var said = evaluate.StandardError.ReadToEndAsync(_patience.Token);
            await evaluate.WaitForExitAsync(_patience.Token);
            Assert.True(evaluate.ExitCode == 0, await said);
        }

        Assert.True(server.Calls.Count > 1);
        foreach (var (name, program) in new[] { ("evaluator", "LiveClin.Evaluator"), ("stats", "LiveClin.Stats") })
        {
            var container = Pods.Single(pod => pod.Name == name).Template.Spec.Containers[0];
            var port = FreePort.Find();
            var variables = container.Env.ToDictionary(variable => variable.Name, variable => variable.Name switch
            {
                "ConnectionStrings__liveclin" => _folder["s.db"],
                "LiveClin__Access__Token" => "a-token-that-nobody-guesses-0123456789",
                "LiveClin__DataDirectory" => Path.Combine(SharedData.RepositoryRoot, "data"),
                "Kestrel__Endpoints__http__Url" =>
                    variable.Value.Replace(container.Ports.Single(own => own.Name == "http")
                    .ContainerPort.ToString(CultureInfo.InvariantCulture), port.ToString(CultureInfo.InvariantCulture),
                    StringComparison.Ordinal),
                "Kestrel__Endpoints__grpc__Url" => $"http://*:{FreePort.Find()}",
                "HOME" => _folder.FullName,
                _ => variable.Value,
            });
            using var service = Start(program, variables, []);
            _ = service.StandardError.ReadToEndAsync(_patience.Token);
            _ = service.StandardOutput.ReadToEndAsync(_patience.Token);
            try
            {
                await ProbeAsync(container.StartupProbe, port, service);
                using var client = new HttpClient();
                using var refused = await client.GetAsync($"http://localhost:{port}/v1/runs", _patience.Token);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }
            finally
            {
                service.Kill();
            }
        }
    }

    [Fact]
    public void A_job_is_tried_again_for_what_passes_and_not_for_what_is_wrong()
    {
        var job = Objects.OfType<V1Job>().Single(each => each.Metadata.Name == "evaluate").Spec;
        Assert.Equal(("Never", "Indexed", true), (job.Template.Spec.RestartPolicy, job.CompletionMode, job.BackoffLimitPerIndex > 0));
        var container = job.Template.Spec.Containers.Single().Name;
        Assert.Equal(
            [("Ignore", null, null), ("FailIndex", container, ExitCodes.Invalid)],
            job.PodFailurePolicy.Rules.Select(rule => (rule.Action, rule.OnExitCodes?.ContainerName, rule.OnExitCodes?.Values.Single())));
        Assert.Equal(["DisruptionTarget"], job.PodFailurePolicy.Rules[0].OnPodConditions.Select(condition => condition.Type));
    }

    [Fact]
    public void Alive_is_the_process_and_ready_is_what_it_needs_besides()
    {
        foreach (var name in (string[])["evaluator", "stats"])
        {
            var container = Pods.Single(pod => pod.Name == name).Template.Spec.Containers[0];
            Assert.Equal(("/alive", "/health"), (container.LivenessProbe.HttpGet.Path, container.ReadinessProbe.HttpGet.Path));
        }
    }

    private async Task ProbeAsync(V1Probe probe, int port, Process service)
    {
        using var client = new HttpClient();
        while (true)
        {
            Assert.False(service.HasExited, $"it ended with {(service.HasExited ? service.ExitCode : 0)}");
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{probe.HttpGet.Path}");
                foreach (var header in probe.HttpGet.HttpHeaders) request.Headers.TryAddWithoutValidation(header.Name, header.Value);
                using var response = await client.SendAsync(request, _patience.Token);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, _patience.Token); // not listening yet
            }
        }
    }

    private Process Start(string program, IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> arguments)
    {
        var configuration = typeof(KubernetesTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var built = Path.Combine(SharedData.RepositoryRoot, program, "bin", configuration, "net10.0", program + ".dll");
        var start = new ProcessStartInfo("dotnet", [built, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName,
        };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static List<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);

    // Kustomize's own file is no object of a cluster: it is read as strictly, by what we use of it.
    private static Kustomization Kustomized { get; } = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance)
        .Build()
        .Deserialize<Kustomization>(File.ReadAllText(Path.Combine(Folder, "kustomization.yaml")));

    private sealed record Kustomization
    {
        public string? ApiVersion { get; init; }

        public string? Kind { get; init; }

        public List<LabelSet> Labels { get; init; } = [];

        public List<string> Resources { get; init; } = [];

        public List<ImageName> Images { get; init; } = [];
    }

    private sealed record LabelSet
    {
        public Dictionary<string, string> Pairs { get; init; } = [];

        public bool IncludeTemplates { get; init; }
    }

    private sealed record ImageName
    {
        public string Name { get; init; } = "";

        public string? NewName { get; init; }

        public string NewTag { get; init; } = "";
    }
}
