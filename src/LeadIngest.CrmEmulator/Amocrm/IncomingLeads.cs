using System.Globalization;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Amocrm;

internal sealed record IncomingLead(string Uid, string Category, string SourceUid, string SourceName, long PipelineId, long CreatedAt, string MetadataJson,
    long LeadId, Person? Contact, Person? Company);

/// <summary>"Неразобранное": the lead exists at once, its contact is hidden until somebody accepts it; a repeat is refused.</summary>
internal sealed class IncomingLeads
{
    private readonly Dictionary<string, IncomingLead> _byUid = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private long _last;

    public IEnumerable<IncomingLead> All => _byUid.Values;

    public int Accepted { get; private set; }

    public int Declined { get; private set; }

    public IncomingLead? Find(string uid) => _byUid.GetValueOrDefault(uid);

    /// <summary>The vendor does not say what makes two enquiries the same; here it is source and metadata.</summary>
    public bool IsRepeat(string sourceUid, JsonObject metadata) => _seen.Contains(Key(sourceUid, metadata));

    public IncomingLead Add(Account account, Lead lead, string category, JsonObject metadata, Person? contact, Person? company, string sourceUid = "", string sourceName = "")
    {
        var uid = (++_last * 2_654_435_761L).ToString("x32", CultureInfo.InvariantCulture);
        var incoming = new IncomingLead(uid, category, sourceUid, sourceName, lead.PipelineId, account.Now, metadata.ToJsonString(), lead.Id, contact, company);
        _byUid[uid] = incoming;
        _seen.Add(Key(sourceUid, metadata));
        account.Webhooks.RaiseIncoming("add", incoming);
        return incoming;
    }

    public void Accept(Account account, IncomingLead incoming, long? statusId)
    {
        Accepted++;
        Forget(incoming);
        foreach (var person in new[] { incoming.Contact, incoming.Company })
        {
            if (person is not { IsHidden: true })
                continue;
            person.IsHidden = false;
            account.Hidden--;
        }
        if (account.Leads.Find(incoming.LeadId) is { } lead)
        {
            Search.Unindex(account, lead);
            lead.StatusId = statusId ?? account.Directory.Pipeline(lead.PipelineId)!.FirstStatusId;
            lead.UpdatedAt = account.Now;
            Search.Index(account, lead);
            account.Webhooks.Raise("add", lead);
        }
        account.Webhooks.RaiseIncoming("delete", incoming, "accept");
    }

    public void Decline(Account account, IncomingLead incoming)
    {
        Declined++;
        Forget(incoming);
        if (account.Leads.Find(incoming.LeadId) is { } lead)
            Store.Delete(account, lead);
        account.Webhooks.RaiseIncoming("delete", incoming, "decline");
    }

    public void Clear()
    {
        _byUid.Clear();
        _seen.Clear();
        (Accepted, Declined) = (0, 0);
    }

    private void Forget(IncomingLead incoming) => _byUid.Remove(incoming.Uid);

    private static string Key(string sourceUid, JsonObject metadata)
    {
        var kept = (JsonObject)metadata.DeepClone();
        kept.Remove("is_call_event_needed");
        return sourceUid + "\n" + kept.ToJsonString();
    }
}
