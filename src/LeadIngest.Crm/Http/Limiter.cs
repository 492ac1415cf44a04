using LeadIngest.Crm.Failures;
using Polly;

namespace LeadIngest.Crm.Http;

/// <summary>
/// The pipeline's step that makes every attempt wait its turn in the account's <see cref="LeakyBucket"/>. It stands inside the retry:
/// the CRMs count attempts, not intentions.
/// </summary>
internal sealed class Limiter(LeakyBucket bucket, TimeProvider clock, TimeSpan total, TimeSpan attempt) : ResilienceStrategy<CallEnd>
{
    /// <summary>When the whole call began, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public static readonly ResiliencePropertyKey<long> BegunAt = new("begun-at");

    /// <summary>See <see cref="CrmCall.IsBackground"/>.</summary>
    public static readonly ResiliencePropertyKey<bool> IsBackground = new("is-background");

    /// <summary>A worker does not sit on an account for longer; the delivery is put off instead.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private TimeSpan _pause = TimeSpan.FromSeconds(1);

    protected override async ValueTask<Outcome<CallEnd>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<CallEnd>>> callback, ResilienceContext context, TState state)
    {
        // An attempt that begins must have its full time left, or we ourselves would turn it into a doubt.
        var left = total - attempt - clock.GetElapsedTime(context.Properties.GetValue(BegunAt, clock.GetTimestamp()));
        if (!bucket.TryTake(left < LongestWait ? left : LongestWait, out var wait, context.Properties.GetValue(IsBackground, false)))
        {
            return Outcome.FromResult<CallEnd>(TransportFailures.Queue.End("The CRM's rate limit: too many calls wait for their turn.", wait));
        }

        if (wait > TimeSpan.Zero)
        {
            var asked = clock.GetTimestamp();
            try
            {
                await Task.Delay(wait, clock, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext);
            }
            catch (OperationCanceledException e)
            {
                return Outcome.FromException<CallEnd>(e);
            }

            bucket.Late(clock.GetElapsedTime(asked) - wait);
        }

        var outcome = await callback(context, state).ConfigureAwait(context.ContinueOnCapturedContext);
        if (outcome.Result is CallEnd.NotExecuted { IsRate: true } end)
        {
            var pause = end.After ?? _pause;
            bucket.Hold(pause);
            _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
            return Outcome.FromResult<CallEnd>(end with { After = pause, MayRepeat = pause <= TimeSpan.FromSeconds(5) });
        }

        if (outcome.Result is { Vitals: Vitals.Well })
        {
            _pause = TimeSpan.FromSeconds(1);
        }

        return outcome;
    }
}
