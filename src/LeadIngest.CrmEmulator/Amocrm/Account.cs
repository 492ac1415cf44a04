using LeadIngest.CrmEmulator.Hooks;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Amocrm;

/// <summary>Everything one account holds. <see cref="Gate"/> guards it; handlers run inside.</summary>
internal sealed class Account
{
    private readonly FieldSet[] _fields = [new(Kind.Lead), new(Kind.Contact), new(Kind.Company)];
    private readonly Dictionary<string, Tag>[] _tags = [new(), new(), new()];
    private readonly Postings[] _search = [new(), new(), new()];
    private long _lastTag = 10;
    private long _lastEvent;

    public Account(AmocrmOptions options, TimeProvider clock, Func<TimeSpan> searchLag, HookSender hooks, double hookPauseScale)
    {
        Options = options;
        Clock = clock;
        SearchLag = searchLag;
        Webhooks = new Webhooks(this, hooks, hookPauseScale);
        Tokens = new Tokens(options);
    }

    public Lock Gate { get; } = new();

    public AmocrmOptions Options { get; }

    public TimeProvider Clock { get; }

    public Func<TimeSpan> SearchLag { get; }

    public Webhooks Webhooks { get; }

    public Tokens Tokens { get; }

    public Table<Lead> Leads { get; } = new(88_001);

    public Table<Person> Contacts { get; } = new(5_501);

    public Table<Person> Companies { get; } = new(3_001);

    public Table<Note> Notes { get; } = new(1_001);

    /// <summary>Notes of one card, by kind and id.</summary>
    public Dictionary<(Kind Kind, long Id), List<Note>> NotesOf { get; } = [];

    public Table<TodoTask> Tasks { get; } = new(2_001);

    public List<EventRow> Events { get; } = [];

    public IncomingLeads Incoming { get; } = new();

    public long Now => Clock.GetUtcNow().ToUnixTimeSeconds();

    public FieldSet FieldsOf(Kind kind) => _fields[(int)kind];

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
    public bool IsVisible(Entity entity)
    {
        var lag = SearchLag();
        return !entity.IsHidden && (lag == TimeSpan.Zero || entity.Born + lag <= Clock.GetUtcNow());
    }

    public void Record(string type, Kind kind, long id, long by, string? after = null, string? before = null) =>
        Events.Add(new EventRow(++_lastEvent, type, kind, id, by, Now, after, before));

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
            Events.Clear();
            Incoming.Clear();
            foreach (var search in _search)
                search.Clear();
            foreach (var tags in _tags)
                tags.Clear();
        }
    }
}
