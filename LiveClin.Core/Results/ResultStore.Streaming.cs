using System.Data.Common;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <content>Reading what is too long to be held in memory.</content>
public sealed partial class ResultStore
{
    /// <summary>The answers of one epoch of a run, by case and question, each read when it is asked for.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public IEnumerable<Answer> StreamEpoch(string runId, int epoch) => Stream(
        $"SELECT {AnswerColumns} FROM answers WHERE run = (SELECT seq FROM runs WHERE id = $1) AND epoch = $2 ORDER BY case_ordinal, question", ReadAnswer, runId, epoch);

    private IEnumerable<T> Stream<T>(string sql, Func<ColumnReader, T> read, params object[] values)
    {
        using var connection = Try(_engine.OpenReader);
        using var command = _engine.Command(connection, sql, values);
        using var reader = Try(() => Execute(command));
        while (Try(reader.Read)) yield return Try(() => read(new ColumnReader(_engine, reader)));
    }

    // A connection from the pool may be one to a server that has been restarted since.
    private DbDataReader Execute(DbCommand command)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (DbException error) when (_engine.Classify(error) == WriteFailure.Disconnected)
        {
            command.Connection!.Close();
            command.Connection.Open();
            return command.ExecuteReader();
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
