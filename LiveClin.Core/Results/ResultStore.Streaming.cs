using System.Data.Common;
using System.Globalization;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <content>Reading what is too long to be held in memory.</content>
public sealed partial class ResultStore
{
    private const int AnswersPerPage = 1000;

    /// <summary>The answers of one epoch of a run, by case and question, each read when it is asked for.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Answer> StreamEpoch(string runId, int epoch) => Stream(
        StoredRows.Of(DamagedRow.Answers, runId),
        $"""
        SELECT {AnswerColumns} FROM answers
        WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = $2 ORDER BY case_ordinal, question
        """,
        ReadAnswerOf(runId), runId, epoch);

    /// <summary>
    /// The answers of a run, by epoch, case and question, page by page: between two pages nothing is held open, so that whoever takes
    /// them slowly keeps nobody from writing.
    /// </summary>
    /// <param name="runId">The run.</param>
    /// <param name="since">Only those completed at this time or later; all by default.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Answer> StreamAnswers(string runId, DateTimeOffset since = default)
    {
        // As they stand there: what is no number (SQLite sorts it last) must not be met twice.
        object[] last = [long.MinValue, 0L, 0L];
        var read = ReadAnswerOf(runId);
        for (var rows = AnswersPerPage; rows == AnswersPerPage;)
        {
            rows = 0;
            var page = Query(
                StoredRows.Of(DamagedRow.Answers, runId),
                $"""
                SELECT {AnswerColumns} FROM answers
                WHERE run = (SELECT seq FROM runs WHERE id = $1) AND (epoch, case_ordinal, question) > ($2, $3, $4)
                    {(since == default ? "" : "AND completed_at >= $5")}
                ORDER BY epoch, case_ordinal, question LIMIT {AnswersPerPage}
                """,
                row =>
                {
                    rows++;
                    last = [row.Raw(0), row.Raw(1), row.Raw(2)];
                    return read(row);
                },
                [runId, .. last, .. Since(since)]);
            foreach (var answer in page) yield return answer;
        }
    }

    /// <summary>
    /// The case lines of a release as they stand in its JSONL file, by position, each read when it is asked for. One that the database
    /// itself cannot read any more, or that has lost its position, is empty.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<StoredCase> StreamCases(string releaseSha256)
    {
        var (count, next, isSure) = (CountCases(releaseSha256), 0, false);
        foreach (var stored in StreamStoredCases(releaseSha256))
        {
            // Another process may have stored the release since the cases were counted.
            if (stored.Ordinal >= count && !isSure) (count, isSure) = (CountCases(releaseSha256), true);
            if (stored.Ordinal >= count) DamageWatch.Tell(new DamagedRow("cases", "ordinal", $"release {releaseSha256}"));
            if (stored.Ordinal >= count || stored.Ordinal < next) continue;
            for (; next < stored.Ordinal; next++) yield return LostCase(next);
            next++;
            yield return stored;
        }

        for (; next < count; next++) yield return LostCase(next);
    }

    private static StoredCase LostCase(int ordinal)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{ordinal + 1}");
        return new StoredCase(ordinal, 0, name, $"{name}.json", "");
    }

    private IEnumerable<StoredCase> StreamStoredCases(string releaseSha256)
    {
        using var cases = Stream(
            CasesOf(releaseSha256), "SELECT ordinal, line, case_id, file_name, json FROM cases WHERE release = $1 ORDER BY ordinal",
            row => ReadCase(row, next => next.Text()), releaseSha256).GetEnumerator();
        var next = 0;
        while (Sound<bool?>(() => cases.MoveNext()) is { } isThere)
        {
            if (!isThere) yield break;
            next = cases.Current.Ordinal + 1;
            yield return cases.Current;
        }

        // A page of the database is broken: what does not lie on it is read one by one.
        var rest = Query(
            CasesOf(releaseSha256),
            "SELECT ordinal, line, case_id, file_name FROM cases WHERE release = $1 AND ordinal >= $2 ORDER BY ordinal",
            row => ReadCase(row, _ => ""), releaseSha256, next);
        foreach (var named in rest) yield return named with { Json = Sound(() => FindText(releaseSha256, named.Ordinal)) ?? "" };
    }

    // A case that has its position keeps its answers, whatever else is damaged; without a text it is damaged as a case.
    private static StoredCase ReadCase(ColumnReader row, Func<ColumnReader, string> text)
    {
        var ordinal = row.Position();
        if (row.Damage is not null) return LostCase(ordinal);
        var (lost, read) = (LostCase(ordinal), new StoredCase(ordinal, row.Position(), row.Text(), row.FileName(), text(row)));
        if (row.Damage is null) return read;
        if (read.Id.Length == 0) read = read with { Id = lost.Id };
        if (read.FileName.Length == 0) read = read with { FileName = lost.FileName };
        Tell(row, "cases", $"case {read.Id}");
        return read;
    }

    private string? FindText(string releaseSha256, int ordinal) => Query(
        CasesOf(releaseSha256), "SELECT json FROM cases WHERE release = $1 AND ordinal = $2",
        row => row.Text(), releaseSha256, ordinal).SingleOrDefault();

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

    private IEnumerable<T> Stream<T>(StoredRows rows, string sql, Func<ColumnReader, T> read, params object[] values)
    {
        using var connection = Try(_engine.OpenReader);
        using var command = _engine.Command(connection, sql, values);
        using var reader = Try(() => Execute(command, () => _engine.Command(connection, sql, values)));
        var columns = new ColumnReader(_engine, reader);
        while (Try(reader.Read))
        {
            columns.Begin();
            var item = Try(() => read(columns));
            if (columns.Taken is { } told) DamageWatch.Tell(new DamagedRow(rows.Table, told, rows.Name), byItsPlace: true);
            if (columns.Damage is not { } damage) yield return item;
            else if (rows.IsTold) DamageWatch.Tell(new DamagedRow(rows.Table, damage, rows.Name));
        }
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
