using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>An SGLang server, or several behind SGLang's router: <c>python -m sglang.launch_server</c> or <c>sglang_router.launch_server</c> in the user's environment.</summary>
internal sealed class SGLangResource(string name, string folder, ModelSettings model)
    : ManagedServerResource(name, SGLangTemplate.Of(model).Program(model), folder, model, SGLangTemplate.Of(model));
