using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

/// <summary>Which of the dashboard's ports a request came in through; an endpoint answers on its own port only.</summary>
internal sealed class Listener
{
    public static readonly Listener Web = new();
    public static readonly Listener OtlpGrpc = new();
    public static readonly Listener OtlpHttp = new();

    private Listener()
    {
    }

    /// <summary>Marks the connections of a port.</summary>
    public void Mark(IConnectionBuilder connections) => connections.Use(next => connection =>
    {
        connection.Features.Set(this);
        return next(connection);
    });

    /// <summary>404 for endpoints of another port; endpoints without a mark belong to the pages.</summary>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        var wanted = context.GetEndpoint() is { } endpoint ? endpoint.Metadata.GetMetadata<Listener>() ?? Web : null;
        if (wanted is null || context.Features.Get<Listener>() == wanted) return next(context);
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
