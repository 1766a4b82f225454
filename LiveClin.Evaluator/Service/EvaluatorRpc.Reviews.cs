using Google.Protobuf.Collections;
using Grpc.Core;
using LiveClin.Core.Reviews;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task<V1.PutVerdictsResponse> PutVerdicts(V1.PutVerdictsRequest request, ServerCallContext context)
    {
        var release = RequireStored(request.ReleaseSha256).Sha256;
        var questions = Store.QuestionCounts(release);
        List<FieldProblem> problems = [];
        var put = Read(request.Verdicts, "verdicts");
        var removed = Read(request.Removed, "removed");
        if (problems.Count > 0) throw RpcErrors.Invalid(problems);
        await Store.WriteAsync(write =>
        {
            foreach (var verdict in put) write.PutVerdict(release, verdict);
            foreach (var verdict in removed) write.DeleteVerdict(release, verdict);
        });
        return new V1.PutVerdictsResponse();

        List<Verdict> Read(RepeatedField<V1.Verdict> given, string field)
        {
            var verdicts = new List<Verdict>();
            foreach (var (i, each) in given.Index())
            {
                if (each.CaseOrdinal < 0 || each.CaseOrdinal >= questions.Length)
                    problems.Add(new FieldProblem($"{field}[{i}].case_ordinal", $"must be 0 to {questions.Length - 1}."));
                else if (each.QuestionIndex < 0 || each.QuestionIndex >= questions[each.CaseOrdinal])
                    problems.Add(new FieldProblem($"{field}[{i}].question_index", $"must be 0 to {questions[each.CaseOrdinal] - 1}."));
                if (!Verdict.IsName(each.By))
                    problems.Add(new FieldProblem($"{field}[{i}].by", $"must be a name of 1 to {Verdict.LongestName} characters."));
                var topic = each.Topic == V1.ReviewTopic.Unspecified ? ReviewTopics.Default : EnumByName<ReviewTopic>.Find(each.Topic);
                if (topic is null)
                    problems.Add(new FieldProblem($"{field}[{i}].topic", $"must be one of {string.Join(", ", ReviewTopics.Names)}."));
                verdicts.Add(new Verdict(topic ?? default, each.CaseOrdinal, each.QuestionIndex, each.Holds, each.By,
                    each.At?.ToDateTimeOffset() ?? Time.GetUtcNow()));
            }

            return verdicts;
        }
    }
}
