using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed record Comment(long Id, string EntityType, long EntityId, string Text, long AuthorId, DateTimeOffset Created) : IRecord;

internal sealed record HistoryRow(long Id, int TypeId, int EntityType, long OwnerId, DateTimeOffset Created, long CategoryId, string Stage, string Semantic);

internal sealed record Activity(long Id, int OwnerType, long OwnerId, int Type, string Provider, string Subject, DateTimeOffset Created, string FieldsJson) : IRecord;

internal sealed record PortalUser(int Id, string Name, string LastName, string Email);

/// <summary>Everything one portal holds. <see cref="Gate"/> guards it; methods run inside.</summary>
internal sealed class Portal
{
    private readonly Schema[] _schemas = [.. Enumerable.Range(1, 4).Select(t => new Schema(t))];
    private readonly Table<Item>[] _items = [.. Enumerable.Range(1, 4).Select(_ => new Table<Item>(1))];
    private readonly Postings[] _origins = [new(), new(), new(), new()];
    private readonly Postings[] _phones = [new(), new(), new(), new()];
    private readonly Postings[] _emails = [new(), new(), new(), new()];
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private long _lastMulti;
    private long _lastOther = 100;

    public Portal(Bitrix24Options options, TimeProvider clock, Func<TimeSpan> searchLag, HookSender hooks)
    {
        Options = options;
        Clock = clock;
        SearchLag = searchLag;
        Events = new PortalEvents(hooks, clock);
    }

    public static PortalUser[] Users { get; } =
    [
        new(1, "Анна", "Администратор", "anna@emulator.local"), new(14, "Борис", "Менеджер", "boris@emulator.local"), new(15, "Вера", "Менеджер", "vera@emulator.local"),
    ];

    public Lock Gate { get; } = new();

    public Bitrix24Options Options { get; }

    public TimeProvider Clock { get; }

    public Func<TimeSpan> SearchLag { get; }

    public PortalEvents Events { get; }

    public Stages Stages { get; } = new();

    public Table<Comment> Comments { get; } = new(1);

    public Dictionary<(string Type, long Id), List<Comment>> CommentsOf { get; } = [];

    public Table<Activity> Activities { get; } = new(1);

    /// <summary>Activities by ORIGIN_ID, which is not unique.</summary>
    public Dictionary<string, List<Activity>> ActivitiesByOrigin { get; } = new(StringComparer.Ordinal);

    /// <summary>Calls of external PBXs.</summary>
    public Table<PhoneCall> Calls { get; } = new(1);

    public Dictionary<string, PhoneCall> CallById { get; } = new(StringComparer.Ordinal);

    /// <summary>The newest call of each key.</summary>
    public Dictionary<PhoneCallKey, PhoneCall> LastCall { get; } = [];

    public List<HistoryRow> History { get; } = [];

    /// <summary>Product rows of an item, as sent.</summary>
    public Dictionary<(string OwnerType, long OwnerId), List<string>> ProductRows { get; } = [];

    public List<string> Traces { get; } = [];

    public List<UserField> UserFields { get; } = [];

    public DateTimeOffset Now => Clock.GetUtcNow();

    public Schema SchemaOf(int type) => _schemas[type - 1];

    public Table<Item> Items(int type) => _items[type - 1];

    public Postings Origins(int type) => _origins[type - 1];

    public Postings Phones(int type) => _phones[type - 1];

    public Postings Emails(int type) => _emails[type - 1];

    public long NextMulti() => ++_lastMulti;

    public long NextOther() => ++_lastOther;

    /// <summary>One copy of a text that many items hold.</summary>
    public string Share(string text)
    {
        if (text.Length > 64)
            return text;
        if (_shared.TryGetValue(text, out var known))
            return known;
        if (_shared.Count < 10_000)
            _shared[text] = text;
        return text;
    }

    public bool IsVisible(Item item)
    {
        var lag = SearchLag();
        return lag == TimeSpan.Zero || item.Created + lag <= Now;
    }

    public bool HasClient(Item item) => item.Int(SchemaOf(item.Type)["contactId"]) > 0 || item.Int(SchemaOf(item.Type)["companyId"]) > 0;

    /// <summary>Forgets the records. What an administrator set up (user fields, outgoing webhooks) stays.</summary>
    public void Clear()
    {
        lock (Gate)
        {
            foreach (var table in _items)
                table.Clear();
            foreach (var index in _origins.Concat(_phones).Concat(_emails))
                index.Clear();
            _shared.Clear();
            Comments.Clear();
            CommentsOf.Clear();
            Activities.Clear();
            ActivitiesByOrigin.Clear();
            Calls.Clear();
            CallById.Clear();
            LastCall.Clear();
            History.Clear();
            ProductRows.Clear();
            Traces.Clear();
        }
    }
}
