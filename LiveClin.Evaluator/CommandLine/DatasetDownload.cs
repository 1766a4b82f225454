using LiveClin.Core.Text;
using LiveClin.Evaluator.Datasets;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>
/// Downloads a release and shows how far it is: one line that is written over on a terminal, a plain line now and then in a pipe.
/// </summary>
internal sealed class DatasetDownload(HubSettings settings, TextWriter output, bool terminal)
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(10);
    private DownloadProgress? _progress;
    private int _width;

    public async Task RunAsync(string name, string dataDirectory, CancellationToken cancellationToken)
    {
        var download = new ReleaseDownload(settings, TimeProvider.System).RunAsync(name, dataDirectory, Begin, cancellationToken);
        while (await Task.WhenAny(download, Task.Delay(terminal ? TerminalInterval : PipeInterval, CancellationToken.None)) != download)
            Show();
        if (terminal && _progress is not null)
        {
            Show();
            output.WriteLine();
        }

        var folder = await download;
        output.WriteLine($"{_progress}. The release is in {folder}; 'dataset verify {Path.GetFileName(folder)}' checks it.");
    }

    private void Begin(HubRelease release, DownloadProgress progress)
    {
        output.WriteLine($"Downloading {release.Name} of {settings.Repository} from {settings.Endpoint.Host}: {progress}");
        _progress = progress;
    }

    private void Show()
    {
        if (_progress?.ToString() is not { } line) return;
        if (!terminal) output.WriteLine(line);
        else WriteOver(line);
        _width = line.Length;
    }

    private void WriteOver(string line)
    {
        var console = ShownWriter.Over(output);
        console.Return();
        console.Write(line.PadRight(_width));
    }
}
