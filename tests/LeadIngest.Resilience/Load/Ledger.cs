using System.Collections.Concurrent;
using System.Text;

namespace LeadIngest.Resilience.Load;

/// <summary>What was promised to us: every acknowledged lead, written down before anything else happens.</summary>
internal sealed class Ledger(string file) : IDisposable
{
    private readonly FileStream _file = new(file, FileMode.Create, FileAccess.Write, FileShare.Read);
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, Guid> _acknowledged = new();
    private readonly List<string> _inOrder = [];

    /// <summary>By marker: the id that was answered.</summary>
    public IReadOnlyDictionary<string, Guid> Acknowledged => _acknowledged;

    /// <summary>Markers in the order of their acknowledgements. To be read when nobody writes any more.</summary>
    public IReadOnlyList<string> InOrder => _inOrder;

    /// <summary>Leads that were answered with two different ids.</summary>
    public int Contradictions { get; private set; }

    public void Write(string marker, Guid leadId)
    {
        lock (_gate)
        {
            if (!_acknowledged.TryAdd(marker, leadId))
            {
                if (_acknowledged[marker] != leadId) Contradictions++;
                return;
            }
            _inOrder.Add(marker);
            _file.Write(Encoding.ASCII.GetBytes($"{marker} {leadId}\n"));
            _file.Flush();
        }
    }

    public void Dispose() => _file.Dispose();
}
