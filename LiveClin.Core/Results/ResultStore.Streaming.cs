using System.Data.Common;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <content>Reading what is too long to be held in memory.</content>
public sealed partial class ResultStore
{
    private const int AnswersPerPage = 1000;

    /// <summary>The answers of one epoch of a run, by case and question, each read when it is asked for.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Answer> StreamEpoch(string runId, int epoch) => Stream(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = $2 ORDER BY case_ordinal, question", ReadAnswer, runId, epoch);

    /// <summary>
    /// The answers of a run, by epoch, case and question, page by page: between two pages nothing is held open, so that whoever takes them slowly
    /// keeps nobody from writing.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="since">Only those completed at this time or later; all by default.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Answer> StreamAnswers(string runId, DateTimeOffset since = default)
    {
        var (epoch, ordinal, question) = (0, 0, 0);
        while (true)
        {
            var page = Query(
                $"""
                SELECT {AnswerColumns} FROM answers
                WHERE run = (SELECT seq FROM runs WHERE id = $1) AND completed_at >= $2 AND (epoch, case_ordinal, question) > ($3, $4, $5)
                ORDER BY epoch, case_ordinal, question LIMIT {AnswersPerPage}
                """,
                ReadAnswer, runId, StoreTransaction.Time(since), epoch, ordinal, question);
            foreach (var answer in page) yield return answer;
            if (page.Count < AnswersPerPage) yield break;
            (epoch, ordinal, question) = (page[^1].Epoch, page[^1].CaseOrdinal, page[^1].QuestionIndex);
        }
    }

    /// <summary>
    /// The case lines of a release as they stand in its JSONL file, by position, each read when it is asked for. One that the database itself
    /// cannot read any more is empty.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<StoredCase> StreamCases(string releaseSha256)
    {
        using var cases = Stream(
            "SELECT ordinal, line, case_id, file_name, json FROM cases WHERE release = $1 ORDER BY ordinal",
            row => new StoredCase(row.Integer(), row.Integer(), row.Text(), row.Text(), row.Text()), releaseSha256).GetEnumerator();
        var next = 0;
        while (Sound<bool?>(() => cases.MoveNext()) is { } isThere)
        {
            if (!isThere) yield break;
            next = cases.Current.Ordinal + 1;
            yield return cases.Current;
        }

        // A page of the database is broken: what does not lie on it is read one by one.
        var rest = Query(
            "SELECT ordinal, line, case_id, file_name FROM cases WHERE release = $1 AND ordinal >= $2 ORDER BY ordinal",
            row => new StoredCase(row.Integer(), row.Integer(), row.Text(), row.Text(), ""), releaseSha256, next);
        foreach (var named in rest) yield return named with { Json = Sound(() => FindText(releaseSha256, named.Ordinal)) ?? "" };
    }

    private string? FindText(string releaseSha256, int ordinal) => Query(
        "SELECT json FROM cases WHERE release = $1 AND ordinal = $2", row => row.Text(), releaseSha256, ordinal).SingleOrDefault();

    // The default where the database is damaged just there.
    private static T? Sound<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (StoreException error) when (error.Problem == StoreProblem.Damaged)
        {
            return default;
        }
    }

    private IEnumerable<T> Stream<T>(string sql, Func<ColumnReader, T> read, params object[] values)
    {
        using var connection = Try(_engine.OpenReader);
        using var command = _engine.Command(connection, sql, values);
        using var reader = Try(() => Execute(command, () => _engine.Command(connection, sql, values)));
        while (Try(reader.Read)) yield return Try(() => read(new ColumnReader(_engine, reader)));
    }

    // A connection from the pool may be one to a server that has been restarted since. What the command had prepared there is gone with it:
    // the second attempt needs a command of its own.
    private DbDataReader Execute(DbCommand command, Func<DbCommand> again)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (DbException error) when (_engine.Classify(error) == WriteFailure.Disconnected)
        {
            _engine.Reopen(command.Connection!);
            return again().ExecuteReader();
        }
    }

    private TResult Try<TResult>(Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (DbException error)
        {
            throw _engine.Explain(error);
        }
    }
}
