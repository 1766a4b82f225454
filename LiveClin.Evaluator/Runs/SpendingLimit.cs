using LiveClin.Core.Costs;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// Keeps a run below a cost. A question is sent only when what is spent, what is under way and the question itself stay below it; as long
/// as requests are under way their true cost is waited for, so that a stop leaves none of them behind.
/// </summary>
/// <param name="price">What tokens cost.</param>
/// <param name="most">The limit, in the price's currency.</param>
/// <param name="spending">What the model's runs took so far.</param>
/// <param name="estimate">What the run is expected to take.</param>
internal sealed class SpendingLimit(Price price, double most, ModelSpending spending, Task<RunEstimate> estimate)
{
    // The estimate counts as much as so many replies of the run.
    private const int EstimateWeight = 10;

    // Enough replies to know the dearest of them; and how much dearer than expected replies are at most, as far as was ever seen.
    private const int FirstWave = 10, Unlikely = 10;

    private readonly Lock _lock = new();
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay, _replies, _ended;
    private double _own, _dearest;

    /// <summary>Waits until another question may be sent; <see cref="Leave"/> must follow.</summary>
    /// <exception cref="RunHaltedException">The limit is reached, and nothing is under way.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        var expected = await ExpectedAsync().ConfigureAwait(false);
        while (true)
        {
            Task left;
            lock (_lock)
            {
                if (_underWay < WideEnough() && Allowed(Next(expected), expected) >= 1)
                {
                    _underWay++;
                    return;
                }

                if (_underWay == 0) throw Reached(expected);
                left = _left.Task;
            }

            await left.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Reserves the cost of as many questions as may be sent now, for those that are sent together. Before any reply has told what one
    /// costs, these are few, unless all of them stay below the limit at ten times the expected cost: a wave that is under way cannot be
    /// narrowed.
    /// </summary>
    /// <param name="wanted">How many there are.</param>
    /// <returns>How many may be sent; 0 while others are under way and the rest must be waited for.</returns>
    /// <exception cref="RunHaltedException">The limit is reached, and nothing is under way.</exception>
    public async Task<int> ReserveAsync(int wanted)
    {
        var expected = await ExpectedAsync().ConfigureAwait(false);
        lock (_lock)
        {
            var allowed = Math.Min(wanted, Allowed(Next(expected), expected));
            if (_replies == 0 && allowed > FirstWave && Allowed(Unlikely * Next(expected), expected) < allowed) allowed = FirstWave;
            if (allowed == 0 && _underWay == 0) throw Reached(expected);
            _underWay += allowed;
            return allowed;
        }
    }

    /// <summary>A question that was sent has its outcome.</summary>
    /// <param name="answer">The answer; null when there is none.</param>
    public void Leave(Answer? answer)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            _underWay--;
            _ended++;
            if (answer is { Reply: not null, Usage: { Input: { } input, Output: { } output } usage })
            {
                var cost = price.CostOf(input, usage.CachedInput ?? 0, output);
                _replies++;
                _own += cost;
                _dearest = Math.Max(_dearest, cost);
            }

            (left, _left) = (_left, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        left.SetResult();
    }

    /// <summary>Why nothing may be sent at all; null when something may.</summary>
    public async Task<string?> FindStopAsync()
    {
        var expected = await ExpectedAsync().ConfigureAwait(false);
        lock (_lock) return Allowed(Next(expected), expected) >= 1 ? null : Reached(expected).Message;
    }

    private async Task<double> ExpectedAsync()
    {
        var whole = await estimate.ConfigureAwait(false);
        return whole.Requests == 0 ? 0 : whole.CostAt(price) / whole.Requests;
    }

    // What a server did not count is taken as expected.
    private double Spent(double expected)
    {
        var spent = spending.Spent;
        return price.CostOf(spent.Input, spent.Cached, spent.Output) + (spent.Uncounted * expected);
    }

    private double Mean(double expected) => ((expected * EstimateWeight) + _own) / (EstimateWeight + _replies);

    // What a question may cost: as much as the dearest one so far. A thinking model's replies differ tenfold, and from any expectation.
    private double Next(double expected) => Math.Max(Mean(expected), _dearest);

    // Until replies have told what one costs, few are under way: each that has ended makes room for two.
    private int WideEnough() => Math.Max(1, 2 * _ended);

    // How many more may be under way when each costs so much.
    private int Allowed(double next, double expected)
    {
        if (next <= 0) return int.MaxValue;
        return (int)Math.Clamp(Math.Floor(((most - Spent(expected)) / next) - _underWay), 0, int.MaxValue);
    }

    private RunHaltedException Reached(double expected)
    {
        var (spent, next) = (MoneyText.Of(Spent(expected), price.Currency), MoneyText.Of(Next(expected), price.Currency));
        return new RunHaltedException(
            $"Stopped by the cost limit of {MoneyText.Of(most, price.Currency)}: the model's runs on this release have cost {spent}, "
            + $"and a further question may cost {next}. The same command with a higher limit (--max-cost, MaxCost) goes on.")
        {
            IsLimit = true,
        };
    }
}
