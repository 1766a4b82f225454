using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.ModelServers.SGLang;

/// <summary>An SGLang server: <c>python -m sglang.launch_server</c> in the user's environment.</summary>
internal sealed class SGLangResource(string name, string folder, ModelSettings model)
    : ManagedServerResource(name, SGLangTemplate.Instance.Program(model), folder, model, SGLangTemplate.Instance);
