namespace LeadIngest.Api.Data;

/// <summary>Work for a request that is not its own: what goes with the flow of the request (who asks, in which project) stays behind.</summary>
internal static class OutsideRequest
{
    public static Task RunAsync(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }

    public static Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }
}
