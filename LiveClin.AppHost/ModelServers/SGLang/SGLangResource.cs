using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>
/// An SGLang server, or several behind SGLang's router: <c>python -m sglang.launch_server</c> or <c>sglang_router.launch_server</c> in
/// the user's environment.
/// </summary>
internal sealed class SGLangResource(string name, string folder, ModelSettings model)
    : ManagedServerResource(name, SGLangTemplate.Of(model).Program(model), folder, model, SGLangTemplate.Of(model))
{
    /// <summary>The router's own metrics, which have a port of their own.</summary>
    public EndpointReference RouterMetrics => new(this, "router-metrics");

    /// <summary>The servers' metrics, and the router's.</summary>
    public override IEnumerable<Uri> MetricsAddresses =>
        Model.Router ? [.. base.MetricsAddresses, new Uri(new Uri(RouterMetrics.Url), "/metrics")] : base.MetricsAddresses;
}
