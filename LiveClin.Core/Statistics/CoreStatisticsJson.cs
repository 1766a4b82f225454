using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Statistics;

/// <summary>Writes <c>0.statistics.json</c> as the published tool does.</summary>
public static class CoreStatisticsJson
{
    /// <summary>Writes the statistics to a stream.</summary>
    /// <param name="stream">The stream; stays open.</param>
    /// <param name="statistics">What to write.</param>
    /// <param name="generatedAt">Time of the analysis; its local time is written without a zone, as published.</param>
    public static void Write(Stream stream, CoreStatistics statistics, DateTimeOffset generatedAt)
    {
        using var json = new PythonJsonWriter(stream);
        json.BeginObject()
            .Name("generated_at").Value(generatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture))
            .Name("folder_path").Value(statistics.FolderPath)
            .Name("ignored_models").Value(statistics.IgnoredModels)
            .Name("total_files").Value(statistics.TotalFiles)
            .Name("total_questions").Value(statistics.TotalQuestions);
        Models(json.Name("models"), statistics.Models);
        Distribution(json.Name("case_accuracy_distribution"), statistics.Distribution);
        json.Name("case_details").BeginArray();
        foreach (var @case in statistics.Cases) Case(json, @case);
        json.EndArray();
        Extremes(json.Name("hardest_cases"), statistics.Hardest);
        Extremes(json.Name("easiest_cases"), statistics.Easiest);
        Discrimination(json.Name("discrimination_analysis"), statistics.Discrimination, statistics.TotalFiles);
        json.Name("overall_case_average_accuracy").Value(statistics.OverallCaseAverageAccuracy)
            .Name("average_model_case_accuracy").Value(statistics.AverageModelCaseAccuracy)
            .Name("rarity_clusters").BeginObject();
        foreach (var cluster in statistics.RarityClusters)
        {
            json.Name(cluster.Rarity).BeginObject().Name("case_count").Value(cluster.CaseCount);
            Models(json.Name("models"), cluster.Models);
            json.EndObject();
        }

        json.EndObject().EndObject();
    }

    private static void Models(PythonJsonWriter json, ImmutableArray<ModelScore> models)
    {
        json.BeginObject();
        foreach (var model in models)
        {
            json.Name(model.Model).BeginObject()
                .Name("total_questions").Value(model.TotalQuestions)
                .Name("correct_questions").Value(model.CorrectQuestions)
                .Name("total_cases").Value(model.TotalCases)
                .Name("correct_cases").Value(model.CorrectCases)
                .Name("question_accuracy").Value(model.QuestionAccuracy)
                .Name("case_accuracy").Value(model.CaseAccuracy)
                .EndObject();
        }

        json.EndObject();
    }

    private static void Distribution(PythonJsonWriter json, ImmutableArray<AccuracyBand> bands)
    {
        json.BeginObject();
        foreach (var band in bands)
        {
            json.Name(band.Label).BeginObject()
                .Name("count").Value(band.Count)
                .Name("percentage").Value(band.Percentage)
                .Name("cumulative_count").Value(band.CumulativeCount)
                .Name("cumulative_percentage").Value(band.CumulativePercentage)
                .EndObject();
        }

        json.EndObject();
    }

    private static void Case(PythonJsonWriter json, CaseScore @case)
    {
        json.BeginObject().Name("filename").Value(@case.FileName)
            .Name("average_accuracy").Value(@case.AverageAccuracy).Name("model_results")
            .BeginObject();
        foreach (var model in @case.Models)
            json.Name(model.Model).BeginObject().Name("correct").Value(model.Correct).Name("total").Value(model.Total).Name("accuracy")
                .Value(model.Accuracy).EndObject();
        json.EndObject().Name("discrimination").BeginObject()
            .Name("std_dev").Value(@case.Discrimination.StandardDeviation)
            .Name("range").Value(@case.Discrimination.Range)
            .Name("iqr").Value(@case.Discrimination.Iqr)
            .Name("cv").Value(@case.Discrimination.Cv)
            .Name("discrimination_score").Value(@case.Discrimination.Score)
            .Name("model_count").Value(@case.Discrimination.ModelCount)
            .EndObject().EndObject();
    }

    private static void Extremes(PythonJsonWriter json, ImmutableArray<CaseScore> cases)
    {
        json.BeginArray();
        foreach (var @case in cases)
        {
            json.BeginObject()
                .Name("filename").Value(@case.FileName)
                .Name("average_accuracy").Value(@case.AverageAccuracy)
                .Name("scenario_preview").Value(@case.ScenarioPreview)
                .EndObject();
        }

        json.EndArray();
    }

    private static void Discrimination(PythonJsonWriter json, DiscriminationSummary? summary, int files)
    {
        json.BeginObject();
        if (summary is not null)
        {
            json.Name("average_metrics").BeginObject()
                .Name("avg_std_dev").Value(summary.AverageStandardDeviation)
                .Name("avg_iqr").Value(summary.AverageIqr)
                .Name("avg_cv").Value(summary.AverageCv)
                .EndObject()
                .Name("high_discrimination_cases").Value(summary.High)
                .Name("medium_discrimination_cases").Value(summary.Medium)
                .Name("low_discrimination_cases").Value(summary.Low)
                .Name("discrimination_distribution").BeginObject();
            foreach (var (name, count) in new[] { ("high", summary.High), ("medium", summary.Medium), ("low", summary.Low) })
                json.Name(name).BeginObject().Name("count").Value(count).Name("percentage").Value((double)count / files * 100).EndObject();
            json.EndObject().Name("top_discriminating_cases").BeginArray();
            foreach (var @case in summary.Top)
            {
                json.BeginObject()
                    .Name("filename").Value(@case.FileName)
                    .Name("std_dev").Value(@case.Discrimination.StandardDeviation)
                    .Name("iqr").Value(@case.Discrimination.Iqr)
                    .Name("cv").Value(@case.Discrimination.Cv)
                    .EndObject();
            }

            json.EndArray();
        }

        json.EndObject();
    }
}
