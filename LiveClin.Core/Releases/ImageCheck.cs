using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Releases;

/// <summary>Checks that every image of a case can be shown to a model, before the first question is asked.</summary>
internal sealed class ImageCheck(ReleaseLocation location, ReleaseOptions options, ProblemList problems)
{
    private const string Policy = "exam_creation.final_policy";

    private readonly ImageResolver _images = new(location.ImageRoot);
    private readonly Dictionary<string, ImageLookup> _lookups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _doubtful = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _unfit = new(StringComparer.Ordinal);
    private readonly bool _looksAtFiles = options is { CheckImages: true, ImageMode: ImageMode.Local };
    private readonly bool _rootExists = Directory.Exists(location.ImageRoot);
    private bool _rootReported;

    public void Check(Case @case)
    {
        Check(@case.Figures, @case.Line, Policy + ".scenario_image_details");
        foreach (var question in @case.Questions) Check(question.Figures, @case.Line, $"{Policy}.mcqs[{question.Index}].image_details");
    }

    private void Check(ImmutableArray<Figure> figures, int line, string path)
    {
        for (var i = 0; i < figures.Length; i++)
        {
            var at = $"{path}[{i}]";
            var figure = figures[i];
            if (!string.IsNullOrEmpty(figure.File) && Refused(figure.File, line, at)) continue;
            if (!options.CheckImages || string.IsNullOrEmpty(figure.CaptionPrefix)) continue; // never shown
            if (options.ImageMode == ImageMode.Url) CheckUrl(figure, line, at);
            else CheckFile(figure, line, at);
        }
    }

    // A path that leaves the image root is an attack or a mistake, whatever else is allowed.
    private bool Refused(string file, int line, string at)
    {
        if (Look(file) is not { Status: ImageStatus.Refused, Message: { } message }) return false;
        problems.Error(line, at + ".file", message);
        return true;
    }

    private void CheckUrl(Figure figure, int line, string at)
    {
        if (string.IsNullOrEmpty(figure.Url)) Report(line, at + ".url", "is missing; the image cannot be sent by address");
        else if (!figure.Url.StartsWith("http://", StringComparison.Ordinal)
            && !figure.Url.StartsWith("https://", StringComparison.Ordinal))
            problems.Warn(line, at + ".url", "is no http(s) address; the image is not sent, although its caption line stays, as published");
    }

    private void CheckFile(Figure figure, int line, string at)
    {
        if (string.IsNullOrEmpty(figure.File)) Report(line, at + ".file", "is missing");
        else if (!_looksAtFiles) return;
        else if (!_rootExists) ReportRoot();
        else
        {
            if (!_unfit.TryGetValue(figure.File, out var reason)) _unfit[figure.File] = reason = Unfit(figure.File);
            if (reason is not null) Report(line, at + ".file", reason);
            else if (Look(figure.File).File is { MediaType: null })
                problems.Warn(line, at + ".file",
                    $"'{figure.File}' has no known image type; the image is not sent, although its caption line stays, as published");
            else if (_doubtful.TryGetValue(figure.File, out var doubt)) problems.Warn(line, at + ".file", $"'{figure.File}' {doubt}");
        }
    }

    private ImageLookup Look(string file) => _lookups.TryGetValue(file, out var known) ? known : _lookups[file] = _images.Look(file);

    private string? Unfit(string file)
    {
        var found = Look(file);
        if (found.File is not { } image) return found.Message;
        if (image is { MediaType: not null, DataUriLength: > ImageFile.MaxDataUriLength })
            return $"'{file}' has {image.Bytes / 1048576.0:F1} MiB; as a data URI it is over the limit of {ImageFile.MaxDataUriLength / 1048576} MiB";
        try
        {
            // A pipe has no bytes, either: opening it without waiting tells.
            using var handle = RegularFile.OpenHandle(image.Path);
            if (image.Bytes == 0) return $"'{file}' is empty";
            Span<byte> beginning = stackalloc byte[64];
            if (image.Bytes <= GitLfs.MaxPointerBytes && GitLfs.IsPointer(beginning[..RandomAccess.Read(handle, beginning, 0)]))
                return $"'{file}' {GitLfs.Advice}";
            // Sent all the same, as published: the reader decides.
            if (image.MediaType is { } type && ImageContent.FindProblem(handle, type, image.Bytes) is { } problem)
                _doubtful[file] = problem;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"'{file}' cannot be read: {e.Message}";
        }
    }

    private void ReportRoot()
    {
        if (_rootReported) return;
        _rootReported = true;
        var message = $"there is no image folder {location.ImageRoot}";
        if (options.AllowMissingImages) problems.Warn(0, null, message + "; images are left out of the prompts, as published");
        else problems.Error(0, null,
            message + "; give the right one (--image-root), or pass --allow-missing-images to run without images, as published");
    }

    private void Report(int line, string field, string message)
    {
        if (options.AllowMissingImages) problems.Warn(line, field, message);
        else problems.Error(line, field, message + "; mend the data, or pass --allow-missing-images to run without it, as published");
    }
}
