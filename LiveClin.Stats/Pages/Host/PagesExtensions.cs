using LiveClin.Stats.Pages.Cases;
using LiveClin.Stats.Pages.Import;
using LiveClin.Stats.Pages.Live;
using LiveClin.Stats.Pages.Reviews;
using LiveClin.Stats.Pages.Runs;
using LiveClin.Stats.Pages.Shell;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Diagnostics;
using MudBlazor.Services;

namespace LiveClin.Stats.Pages.Host;

/// <summary>The web pages: what they need, and where they are.</summary>
internal static class PagesExtensions
{
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder)
    {
        // Keys on disk would outlive the process; nothing here needs to be readable after a restart.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(circuits => circuits.DisconnectedCircuitMaxRetained = 20);
        builder.Services.AddMudServices();
        builder.Services.AddSingleton<EmbeddedFiles>();
        builder.Services.AddSingleton<ResultViews>();
        builder.Services.AddHostedService<ViewWarmup>();
        builder.Services.AddSingleton<CaseReader>();
        builder.Services.AddSingleton<RunReader>();
        builder.Services.AddSingleton<RunWriter>();
        builder.Services.AddSingleton<ReviewDesk>();
        builder.Services.AddSingleton<ResultUpload>();
        builder.Services.AddScoped<Browser>();
        return builder;
    }

    public static WebApplication MapPages(this WebApplication app)
    {
        app.UsePageHeaders();
        // Who reads pages is told in words; other programs get the bare status.
        app.UseStatusCodePagesWithReExecute("/not-found");
        app.Use((context, next) =>
        {
            context.Features.Get<IStatusCodePagesFeature>()!.Enabled = context.Request.Headers.Accept.ToString()
                .Contains("text/html", StringComparison.Ordinal);
            return next(context);
        });
        app.UseAntiforgery();
        app.Services.GetRequiredService<EmbeddedFiles>().Map(app);
        ImageEndpoint.Map(app);
        ReplyEndpoint.Map(app);
        PlotEndpoint.Map(app);
        ExportEndpoint.Map(app);
        ItemsEndpoint.Map(app);
        ReviewEndpoint.Map(app);
        // The policy of all responses says who may frame a page; a second header would only weaken or repeat it.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
