using System.Text.Json.Nodes;
using LeadIngest.CrmEmulator.Bitrix24.OAuth;
using LeadIngest.CrmEmulator.Faults;
using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

internal sealed record Comment(long Id, string EntityType, long EntityId, string Text, long AuthorId, DateTimeOffset Created) : IRecord;

internal sealed record HistoryRow(long Id, int TypeId, int EntityType, long OwnerId, DateTimeOffset Created, long CategoryId, string Stage, string Semantic);

internal sealed record Activity(long Id, int OwnerType, long OwnerId, int Type, string Provider, string Subject, DateTimeOffset Created, string FieldsJson) : IRecord
{
    public DateTimeOffset Updated { get; init; } = Created;
}

internal sealed record PortalUser(int Id, string Name, string LastName, string Email, bool IsActive = true);

/// <summary>Everything one portal holds. <see cref="Gate"/> guards it; methods run inside.</summary>
internal sealed partial class Portal
{
    private static readonly PortalUser[] StandardUsers =
    [
        new(1, "Анна", "Администратор", "anna@emulator.local"), new(14, "Борис", "Менеджер", "boris@emulator.local"), new(15, "Вера", "Менеджер", "vera@emulator.local"),
        new(16, "Глеб", "Уволенный", "gleb@emulator.local", IsActive: false),
    ];

    private readonly Schema[] _schemas = [.. Enumerable.Range(1, 4).Select(Schema.Standard)];
    private readonly Table<Item>[] _items = [.. Enumerable.Range(1, 4).Select(_ => new Table<Item>(1))];
    private readonly Postings[] _origins = [new(), new(), new(), new()];
    private readonly Postings[] _phones = [new(), new(), new(), new()];
    private readonly Postings[] _emails = [new(), new(), new(), new()];
    private readonly Dictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Installation> _installed = new(StringComparer.Ordinal);
    private readonly List<CommandFault> _commandFaults = [];
    private readonly OperatingTime _operating;
    private readonly FaultBoard _faults;
    private readonly HookSender _hooks;
    private long _lastMulti;
    private long _lastOther = 100;

    public Portal(string host, Bitrix24Crm home, EmulatorOptions options, TimeProvider clock, FaultBoard faults, HookSender hooks)
    {
        (Host, Home, Clock, _faults, _hooks) = (host, home, clock, faults, hooks);
        Options = PortalSettings.Of(options.Bitrix24);
        OwnerId = options.Bitrix24.User;
        BaseUrl = "https://" + host;
        MemberId = MemberOf(host);
        Caller = new Caller(OwnerId, "", null, []);
        Bucket = new Bucket(this);
        _operating = new OperatingTime(this);
        Events = new PortalEvents(this, hooks);
    }

    public Bitrix24Crm Home { get; }

    public string Host { get; set; }

    /// <summary>Written under the gate of <see cref="Tokens"/>.</summary>
    public LoginCounts Logins { get; set; } = LoginCounts.None;

    /// <summary>Stays when the portal is renamed.</summary>
    public string MemberId { get; }

    /// <summary>How the portal was addressed when an application came to it.</summary>
    public string BaseUrl { get; set; }

    public string Endpoint => BaseUrl + "/rest/";

    /// <summary>The administrator who owns the inbound webhook and installs applications.</summary>
    public long OwnerId { get; }

    public PortalSettings Options { get; set; }

    public Bucket Bucket { get; }

    /// <summary>Who calls at this moment; set under the lock.</summary>
    public Caller Caller { get; set; }

    public PortalUser[] Users { get; set; } = StandardUsers;

    public Stages Stages { get; set; } = Stages.Standard;

    public Lock Gate { get; } = new();

    public TimeProvider Clock { get; }

    public PortalEvents Events { get; }

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

    /// <summary>The fields of a type as this portal's own, to be changed: until then all portals share one set.</summary>
    public Schema OwnSchemaOf(int type) => _schemas[type - 1] = _schemas[type - 1].Own();

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

    public TimeSpan SearchLag() => _faults.SearchLag(Home.Name, Host);

    /// <summary>Moment after which records are too young for searches; null: none is.</summary>
    public DateTimeOffset? Youngest() => SearchLag() is var lag && lag > TimeSpan.Zero ? Now - lag : null;

    public bool IsVisible(Item item) => IsVisible(item, Youngest());

    public bool IsVisible(Item item, DateTimeOffset? youngest) => (youngest is null || item.Created <= youngest) && MayRead(item);

    /// <summary>Records that the caller has no right to are left out of lists without a word.</summary>
    public bool MayRead(Item item) => !(Options.ConvertHides && Options.Mode == 2 && item is { Type: Schema.Lead, Stage: "CONVERTED" }) && HasRight(item);

    private bool HasRight(Item item) => Options.OwnOnly.Length == 0 || !Options.OwnOnly.Contains(Caller.UserId) || item.Int(SchemaOf(item.Type)["assignedById"]) == Caller.UserId;

    public bool IsActive(long userId) => Array.Exists(Users, u => u.Id == userId && u.IsActive);

    public Installation? InstallationOf(string clientId) => _installed.GetValueOrDefault(clientId);

    public Installation Install(Application application)
    {
        if (!_installed.TryGetValue(application.ClientId, out var known))
            _installed[application.ClientId] = known = new Installation(application, Tokens.Text(16));
        return known;
    }

    /// <exception cref="RestException">Refused, by the limit or by the method.</exception>
    public (Reply, Timing) RunTimed(string method, JsonObject parameters)
    {
        var start = Now;
        if (_operating.IsBlocked(Caller.Key, method, start))
            throw new RestException(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.");
        var fault = _commandFaults.Count == 0 ? null : _commandFaults.Find(f => f.Hits(method, parameters));
        if (fault is not null)
            fault.Left--;
        if (fault is { IsAfter: false })
            throw fault.Error();
        var reply = Methods.Call(this, method, parameters);
        if (fault is not null)
            throw fault.Error();
        var (operating, resetAt) = _operating.Charge(Caller.Key, method, start);
        return (reply, new Timing(start, Now, Options.ShowOperating ? operating : null, resetAt));
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
            Bucket.Reset();
            _operating.Reset();
        }
    }

    /// <summary>Thirty-two hexadecimal digits, the same in every run.</summary>
    private static string MemberOf(string host) => host == AccountHosts.Standard(AccountHosts.Bitrix24)
        ? "00000000000000000000000000000001"
        : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(host)).AsSpan(0, 16));
}
