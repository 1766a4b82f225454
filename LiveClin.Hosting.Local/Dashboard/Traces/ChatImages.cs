using System.Globalization;
using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Hosting.Local.Dashboard.Traces;

/// <summary>Images of captured conversations, by their number; they come over HTTP instead of the page's live connection.</summary>
internal static class ChatImages
{
    public static string Url(Span span, int image) => string.Create(CultureInfo.InvariantCulture, $"/traces/{span.TraceId}/chat/{span.SpanId}/images/{image}");

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/traces/{trace}/chat/{span}/images/{image:int}", context =>
    {
        var telemetry = context.RequestServices.GetRequiredService<TelemetryStore>();
        var values = context.Request.RouteValues;
        var number = int.Parse((string)values["image"]!, CultureInfo.InvariantCulture);
        if (telemetry.Traces.Get((string)values["trace"]!).FirstOrDefault(s => s.SpanId == (string)values["span"]!) is not { } span
            || Conversation.Of(telemetry, span).Images.ElementAtOrDefault(number) is not { } image)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        // Only the few raster types that the conversation admits get here; nosniff keeps browsers from guessing others.
        context.Response.ContentType = image.MediaType;
        return context.Response.Body.WriteAsync(image.Bytes, context.RequestAborted).AsTask();
    });
}
