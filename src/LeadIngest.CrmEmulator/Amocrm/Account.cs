using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Everything one account holds. <see cref="Gate"/> guards it; handlers run inside.</summary>
internal sealed partial class Account
{
    private const long StandardId = 30_100_200;

    private readonly FieldSet[] _fields = [FieldSet.Standard(Kind.Lead), FieldSet.Standard(Kind.Contact), FieldSet.Standard(Kind.Company)];
    private readonly Dictionary<string, Tag>[] _tags = [new(), new(), new()];
    private readonly Postings[] _search = [new(), new(), new()];
    private readonly UpdateOrder[] _updates = [new(), new(), new()];
    private readonly HashSet<string> _off = new(StringComparer.Ordinal);
    private readonly FaultBoard _faults;
    private readonly HookSender _hooks;
    private readonly EmulatorOptions _emulator;
    private long _lastTag = 10;
    private long _lastEvent;

    public Account(string host, AmocrmCrm home, EmulatorOptions options, TimeProvider clock, FaultBoard faults, HookSender hooks)
    {
        (Host, Home, Clock, _faults, _hooks, _emulator) = (host, home, clock, faults, hooks, options);
        Options = AccountSettings.Of(options.Amocrm);
        Id = host == Http.AccountHosts.Standard(home.Name) ? StandardId : IdOf(host);
        Limit = new RateLimit(this);
        Webhooks = new Webhooks(this, hooks, options.HookPauseScale);
    }

    public AmocrmCrm Home { get; }

    /// <summary>Stays when the account is renamed.</summary>
    public long Id { get; }

    public string Host { get; set; }

    /// <summary>Written under the gate of <see cref="OAuth.Tokens"/>.</summary>
    public Http.LoginCounts Logins { get; set; } = Http.LoginCounts.None;

    public string Subdomain => Host.Split('.')[0];

    public AccountSettings Options { get; set; }

    public Directory Directory { get; set; } = Directory.Standard;

    public RateLimit Limit { get; }

    /// <summary>What is answered instead, though the work was done. Set by a handler, read once.</summary>
    public Http.Answer? Instead { get; set; }

    public Lock Gate { get; } = new();

    public TimeProvider Clock { get; }

    public Webhooks Webhooks { get; }

    public Table<Lead> Leads { get; } = new(88_001);

    public Table<Person> Contacts { get; } = new(5_501);

    public Table<Person> Companies { get; } = new(3_001);

    public Table<Note> Notes { get; } = new(1_001);

    /// <summary>Notes of one card, by kind and id.</summary>
    public Dictionary<(Kind Kind, long Id), List<Note>> NotesOf { get; } = [];

    public Table<TodoTask> Tasks { get; } = new(2_001);

    public Table<CatalogElement> Goods { get; } = new(7_001);

    public List<EventRow> Events { get; } = [];

    public IncomingLeads Incoming { get; } = new();

    public long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    public FieldSet FieldsOf(Kind kind) => _fields[(int)kind];

    /// <summary>The fields of a kind as this account's own, to be changed: until then all accounts share one set.</summary>
    public FieldSet OwnFieldsOf(Kind kind) => _fields[(int)kind] = _fields[(int)kind].Own();

    /// <summary>Deleted and not yet gone from the trash: what <c>with=only_deleted</c> shows.</summary>
    public List<Entity> Trash { get; } = [];

    /// <summary>How many contacts and companies wait hidden behind incoming leads.</summary>
    public int Hidden { get; set; }

    public UpdateOrder UpdatesOf(Kind kind) => _updates[(int)kind];

    public IReadOnlyList<Entity> Table(Kind kind) => kind == Kind.Lead ? Leads.Rows : Persons(kind).Rows;

    public TimeSpan SearchLag() => _faults.SearchLag(Home.Name, Host);

    public bool IsOff(string integration) => _off.Count > 0 && _off.Contains(integration);

    public void SwitchOn(string clientId)
    {
        lock (Gate)
            _off.Remove(clientId);
    }

    public Postings SearchOf(Kind kind) => _search[(int)kind];

    public Table<Person> Persons(Kind kind) => kind == Kind.Contact ? Contacts : Companies;

    public IEnumerable<Entity> Rows(Kind kind) => kind == Kind.Lead ? Leads.Rows : Persons(kind).Rows;

    public Entity? Find(Kind kind, long id) => kind == Kind.Lead ? Leads.Find(id) : Persons(kind).Find(id);

    public IEnumerable<Tag> TagsOf(Kind kind) => _tags[(int)kind].Values;

    public Tag TagNamed(Kind kind, string name)
    {
        if (!_tags[(int)kind].TryGetValue(name, out var tag))
            _tags[(int)kind][name] = tag = new Tag(++_lastTag, name);
        return tag;
    }

    public string? TagName(Kind kind, long id) => _tags[(int)kind].Values.FirstOrDefault(t => t.Id == id)?.Name;

    /// <summary>A record young enough for the search lag is not found by searches, only by its id.</summary>
    /// <param name="youngest">Moment after which records are too young; null: none is.</param>
    public static bool IsVisible(Entity entity, DateTimeOffset? youngest) => !entity.IsHidden && (youngest is null || entity.Born <= youngest);

    public DateTimeOffset? Youngest() => SearchLag() is var lag && lag > TimeSpan.Zero ? Clock.GetUtcNow() - lag : null;

    public void Record(string type, Kind kind, long id, long by, string? after = null, string? before = null, long? at = null) =>
        Events.Add(new EventRow(++_lastEvent, type, kind, id, by, at ?? Now, after, before));

    /// <summary>Forgets the records. What an administrator set up (fields, webhooks, tokens) stays.</summary>
    public void Clear()
    {
        lock (Gate)
        {
            Leads.Clear();
            Contacts.Clear();
            Companies.Clear();
            Notes.Clear();
            NotesOf.Clear();
            Tasks.Clear();
            Goods.Clear();
            Events.Clear();
            Incoming.Clear();
            foreach (var search in _search)
                search.Clear();
            foreach (var order in _updates)
                order.Clear();
            Trash.Clear();
            Hidden = 0;
            Limit.Reset();
            foreach (var tags in _tags)
                tags.Clear();
        }
    }

    private static long IdOf(string host)
    {
        // FNV-1a: the same host has the same id in every run.
        var hash = 2_166_136_261u;
        foreach (var c in host)
            hash = (hash ^ c) * 16_777_619;
        return 40_000_000 + (hash % 900_000_000);
    }
}
