using System.Data.Common;

namespace LiveClin.Core.Results;

/// <content>How statements reach the database: at once, or several in one way there and back.</content>
public sealed partial class StoreTransaction
{
    // Statements that wait to be sent together, the rows that those sent since the last look have touched, and which of them are answers in
    // claimed conversations, by their number.
    private const int MostWaiting = 500;
    private List<(string Sql, object?[] Values)> _waiting = [];
    private List<int> _touched = [];
    private List<(int Number, string RunId, Answer Answer)> _claimed = [];
    private int _sent;

    private object? Whole(string? text) => _engine.Whole(text);

    private int Execute(string sql, params object?[] values) => Prepare(sql, values).ExecuteNonQuery();

    // A statement that only has to have been made when the transaction ends.
    private void Send(string sql, params object?[] values)
    {
        if (_engine.SendsTogether) _waiting.Add((sql, values));
        else _touched.Add(Execute(sql, values));
        _sent++;
        if (_waiting.Count == MostWaiting) Flush();
    }

    // In a claimed conversation an answer that changed nothing has found another reply in its place.
    private void Flush()
    {
        if (_waiting.Count > 0)
        {
            (var waiting, _waiting) = (_waiting, []);
            _touched.AddRange(_engine.ExecuteTogether(_connection, waiting));
        }

        var (touched, claimed) = (_touched, _claimed);
        (_touched, _claimed, _sent) = ([], [], 0);
        foreach (var (number, runId, answer) in claimed)
            if (touched[number] == 0 && !IsStored(runId, answer)) throw new ClaimLostException();
    }

    private DbCommand Prepare(string sql, object?[] values)
    {
        if (_waiting.Count > 0) Flush();
        if (!_prepared.TryGetValue(sql, out var command))
        {
            _prepared.Add(sql, command = _engine.Command(_connection, sql, values));
            return command;
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = _engine.ToValue(values[i]);
        return command;
    }
}
