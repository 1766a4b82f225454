using System.Collections.Immutable;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Statistics;

/// <summary>Writes a v1 summary with the published names and order of fields.</summary>
public static class V1SummaryJson
{
    /// <summary>Writes the summary as one object; an empty one when there are no cases.</summary>
    public static void Write(PythonJsonWriter json, V1Summary summary)
    {
        json.BeginObject();
        if (summary.Total is { } total)
        {
            json.Name("total_cases").Value(total.Cases)
                .Name("total_mcqs").Value(total.Questions)
                .Name("correct_mcqs").Value(total.CorrectQuestions)
                .Name("correct_cases").Value(total.CorrectCases)
                .Name("question_accuracy").Value(total.QuestionAccuracy)
                .Name("case_accuracy").Value(total.CaseAccuracy);
            Map(json.Name("by_rarity"), summary.ByRarity, Block);
            Map(json.Name("by_chapter"), summary.ByChapter, Block);
            Map(json.Name("by_subcategory"), summary.BySubcategory, (writer, subcategories) => Map(writer, subcategories, Block));
            Map(json.Name("by_stage"), summary.ByStage, Questions);
            Map(json.Name("by_position"), summary.ByPosition, (writer, questions) => WithErrors(writer, questions));
            Map(json.Name("by_image_modality"), summary.ByImageModality, Questions);
            Map(json.Name("by_table_modality"), summary.ByTableModality, Questions);
        }

        json.EndObject();
    }

    private static void Map<T>(PythonJsonWriter json, ImmutableArray<V1Slice<T>> slices, Action<PythonJsonWriter, T> write)
    {
        json.BeginObject();
        foreach (var slice in slices) write(json.Name(slice.Name), slice.Value);
        json.EndObject();
    }

    private static void Block(PythonJsonWriter json, V1Block block) => json.BeginObject()
        .Name("cases").Value(block.Cases)
        .Name("correct_cases").Value(block.CorrectCases)
        .Name("case_accuracy").Value(block.CaseAccuracy)
        .Name("mcqs").Value(block.Questions)
        .Name("correct_mcqs").Value(block.CorrectQuestions)
        .Name("question_accuracy").Value(block.QuestionAccuracy)
        .EndObject();

    private static PythonJsonWriter Begin(PythonJsonWriter json, V1Questions questions) => json.BeginObject()
        .Name("mcqs").Value(questions.Questions)
        .Name("correct_mcqs").Value(questions.CorrectQuestions)
        .Name("question_accuracy").Value(questions.QuestionAccuracy);

    private static void Questions(PythonJsonWriter json, V1Questions questions) => Begin(json, questions).EndObject();

    private static void WithErrors(PythonJsonWriter json, V1Questions questions) => Begin(json, questions)
        .Name("errors").Value(questions.Errors)
        .Name("error_rate").Value(questions.ErrorRate)
        .EndObject();
}
