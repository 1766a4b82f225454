using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint as declared: where a resource listens and how it is addressed.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    /// <summary>Declares an endpoint; the scheme is <c>tcp</c> unless given, the name that of the scheme.</summary>
    public EndpointAnnotation(ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null, int? port = null, int? targetPort = null, bool? isExternal = null, bool? isProxied = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? "tcp";
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        Name = name ?? UriScheme;
        ModelNames.Validate(Name, "Endpoint");
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>Name, unique in the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>Port that clients use; null to have one allocated.</summary>
    public int? Port { get; set; }

    /// <summary>Port that the process listens on; null to have one allocated.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Scheme of its URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>Host that the process listens on.</summary>
    public string TargetHost { get; set; } = KnownHostNames.Localhost;

    /// <summary><c>http</c>, <c>http2</c> or <c>tcp</c>.</summary>
    public string Transport { get; set; }

    /// <summary>True when it is meant for the world outside.</summary>
    public bool IsExternal { get; set; }

    /// <summary>True when a proxy may stand before it; here the process always listens itself.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Address and port, once known.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    // The variable that WithEndpoint(env: …) asked for.
    internal string? EnvironmentVariable { get; set; }

    // Configuration key below Kestrel:Endpoints when the endpoint comes from the project's settings.
    internal string? KestrelKey { get; set; }
}

/// <summary>An endpoint's address.</summary>
public class AllocatedEndpoint
{
    /// <summary>Sets the address.</summary>
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port, string? targetPortExpression = null)
    {
        Endpoint = endpoint;
        Address = address;
        Port = port;
        TargetPortExpression = targetPortExpression;
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host name or IP address.</summary>
    public string Address { get; }

    /// <summary>Port that clients use.</summary>
    public int Port { get; }

    /// <summary>Scheme of the URL.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary><c>host:port</c>.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary><c>scheme://host:port</c>.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <summary>Port that the process listens on.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>The URL.</summary>
    public override string ToString() => UriString;
}

/// <summary>A reference to an endpoint, declared already or later.</summary>
public sealed class EndpointReference : IExpressionValue, IValueWithReferences
{
    /// <summary>Refers to an endpoint by name.</summary>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    /// <summary>Refers to a declared endpoint.</summary>
    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint) : this(owner, endpoint.Name) { }

    /// <summary>The declaration.</summary>
    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException(ErrorMessage ?? $"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>Name of the endpoint.</summary>
    public string EndpointName { get; }

    /// <summary>What to say when the endpoint is not declared.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>True when its address is known.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>True when it is declared.</summary>
    public bool Exists => Find() is not null;

    /// <summary>True for the scheme http.</summary>
    public bool IsHttp => Scheme == "http";

    /// <summary>True for the scheme https.</summary>
    public bool IsHttps => Scheme == "https";

    /// <summary>Port that clients use.</summary>
    public int Port => Allocated.Port;

    /// <summary>Port that the process listens on.</summary>
    public int? TargetPort => EndpointAnnotation.TargetPort;

    /// <summary>Host that clients use.</summary>
    public string Host => Allocated.Address;

    /// <summary>Scheme of the URL.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The URL.</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    /// <summary>The URL.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    /// <summary>The URL.</summary>
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => new(Url);

    /// <summary>A part of the address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    private EndpointAnnotation? Find() =>
        Resource.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A part of an endpoint's address.</summary>
public class EndpointReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>Refers to a part of an endpoint's address.</summary>
    public EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    {
        Endpoint = endpointReference;
        Property = property;
    }

    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; }

    /// <summary>How a manifest refers to it.</summary>
    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{char.ToLowerInvariant(Property.ToString()[0])}{Property.ToString()[1..]}}}";

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <summary>The value.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.TargetPort => Endpoint.EndpointAnnotation.AllocatedEndpoint?.TargetPortExpression,
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
        EndpointProperty.TlsEnabled => Endpoint.IsHttps ? "true" : "false",
        _ => throw new InvalidOperationException($"{Property} is not a part of an endpoint's address."),
    });

    /// <summary>The value.</summary>
    public ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}

/// <summary>Parts of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary><c>scheme://host:port</c>.</summary>
    Url = 0,

    /// <summary>Host name.</summary>
    Host = 1,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>Port that clients use.</summary>
    Port = 3,

    /// <summary>Scheme.</summary>
    Scheme = 4,

    /// <summary>Port that the process listens on.</summary>
    TargetPort = 5,

    /// <summary><c>host:port</c>.</summary>
    HostAndPort = 6,

    /// <summary><c>true</c> for https.</summary>
    TlsEnabled = 7,
}

/// <summary>Host names with a meaning.</summary>
public static class KnownHostNames
{
    /// <summary>This machine.</summary>
    public const string Localhost = "localhost";
}
