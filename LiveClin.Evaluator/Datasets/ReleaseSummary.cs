using LiveClin.Core.Releases;

namespace LiveClin.Evaluator.Datasets;

/// <summary>A release on disk in short.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Cases">Number of cases.</param>
/// <param name="Questions">Number of questions.</param>
/// <param name="ImagesPresent">Different image files that its figures show and that are there.</param>
/// <param name="ImagesMissing">Those that are not.</param>
/// <param name="Problem">Why it cannot be used, else null; the counts are 0 then.</param>
internal sealed record ReleaseSummary(ReleaseLocation Location, int Cases, int Questions, int ImagesPresent, int ImagesMissing,
    string? Problem)
{
    /// <summary>Reads a release and looks for its images; nothing is unpacked.</summary>
    public static async Task<ReleaseSummary> ReadAsync(ReleaseLocation location, CancellationToken cancellationToken)
    {
        try
        {
            var release = await ReleaseReader.ReadAsync(location, new ReleaseOptions { CheckImages = false }, cancellationToken);
            var images = new ImageResolver(release.ImageRoot);
            var files = release.Cases.SelectMany(c => c.Figures.Concat(c.Questions.SelectMany(q => q.Figures)))
                .Where(f => !string.IsNullOrEmpty(f.CaptionPrefix) && !string.IsNullOrEmpty(f.File)).Select(f => f.File!)
                    .ToHashSet(StringComparer.Ordinal);
            var present = files.Count(f => images.Find(f) is not null);
            return new ReleaseSummary(location, release.Cases.Length, release.QuestionCount, present, files.Count - present, null);
        }
        catch (ReleaseException e)
        {
            var problem = e.TotalProblems > 1 ? $"{e.TotalProblems} problems, the first: {e.Problems[0]}" : e.Message;
            return new ReleaseSummary(location, 0, 0, 0, 0, problem);
        }
    }
}
