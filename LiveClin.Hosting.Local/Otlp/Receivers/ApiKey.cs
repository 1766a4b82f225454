using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

/// <summary>The secret that senders put into the header <c>x-otlp-api-key</c>.</summary>
internal sealed class ApiKey(string key)
{
    public const string Header = "x-otlp-api-key";
    private readonly byte[] _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Compares in constant time; hashing first hides the length as well.</summary>
    public bool IsValid(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(candidate)), _hash);
}

/// <summary>Asks for the key on every gRPC call.</summary>
internal sealed class ApiKeyInterceptor(ApiKey key) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (key.IsValid(context.RequestHeaders.GetValue(ApiKey.Header))) return continuation(request, context);
        throw new RpcException(new Status(StatusCode.Unauthenticated, $"The header {ApiKey.Header} is missing or wrong."));
    }
}
