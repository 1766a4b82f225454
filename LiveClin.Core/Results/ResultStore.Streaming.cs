using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

/// <content>Reading what is too long to be held in memory.</content>
public sealed partial class ResultStore
{
    /// <summary>The answers of one epoch of a run, by case and question, each read when it is asked for.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Answer> StreamEpoch(string runId, int epoch) => Stream(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = $2 ORDER BY case_ordinal, question", ReadAnswer, runId, epoch);

    private IEnumerable<T> Stream<T>(string sql, Func<SqliteDataReader, T> read, params object[] values)
    {
        using var connection = Try(_reader.Open);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue("$" + (i + 1).ToString(CultureInfo.InvariantCulture), values[i]);
        using var reader = Try(command.ExecuteReader);
        while (Try(reader.Read)) yield return Try(() => read(reader));
    }

    private TResult Try<TResult>(Func<TResult> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException error)
        {
            throw StoreErrors.Explain(error, Path);
        }
    }
}
