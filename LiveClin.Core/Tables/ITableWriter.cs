namespace LiveClin.Core.Tables;

/// <summary>Writes rows into a stream as they come; disposing it ends the table and leaves the stream open.</summary>
internal interface ITableWriter : IAsyncDisposable
{
    /// <summary>Writes a row.</summary>
    /// <param name="values">Its values in the order of the columns; the array is the caller's and changes after the call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask WriteAsync(object?[] values, CancellationToken cancellationToken);
}
