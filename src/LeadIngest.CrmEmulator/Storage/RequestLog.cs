namespace LeadIngest.CrmEmulator.Storage;

/// <param name="Status">HTTP status; 0 when the connection was dropped instead of answered.</param>
internal sealed record LoggedRequest(string Host, string Method, string Path, string Query, int Status, DateTimeOffset At);

/// <summary>The last requests, oldest first, and how many there were in each second.</summary>
internal sealed class RequestLog(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _requests = new();
    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    public void Add(string host, string method, string path, string query, int status, DateTimeOffset at)
    {
        lock (_gate)
        {
            // The same few paths fill the log: keep one copy of each.
            if (_paths.TryGetValue(path, out var known))
                path = known;
            else if (_paths.Count < 1000)
                _paths[path] = path;
            _requests.Enqueue(new LoggedRequest(host, method, path, query.Length > 300 ? query[..300] : query, status, at));
            Total++;
            while (_requests.Count > capacity)
                _requests.Dequeue();
        }
    }

    public (LoggedRequest[] Requests, long Total) Read()
    {
        lock (_gate)
            return ([.. _requests], Total);
    }

    public void Clear()
    {
        lock (_gate)
        {
            _requests.Clear();
            _paths.Clear();
            Total = 0;
        }
    }
}
