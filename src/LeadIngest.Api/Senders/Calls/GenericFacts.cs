using LeadIngest.Core.Identities;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>The posted values by the facts that they tell: the owner's map first, then the names that are known, in their order.</summary>
internal sealed class GenericFacts
{
    private const int LongestValue = 8192;
    private readonly Dictionary<string, string> _facts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names as compared: lower case, without underscores, hyphens and spaces; dots stay.</summary>
    private static readonly (string Fact, string[] Names)[] Known =
    [
        ("externalId", ["id", "externalid", "callid", "linkedid", "uniqueid", "callsid", "callsessionid", "sessionid", "pbxcallid", "entryid"]),
        ("eventId", ["eventid", "messageid"]),
        ("sequence", ["sequence", "seq", "sequencenumber"]),
        ("direction", ["direction", "calldirection", "calltype", "type"]),
        ("phase", ["phase", "event", "state", "callstate"]),
        ("status", ["status", "callstatus"]),
        ("outcome", ["outcome", "disposition", "dialstatus", "result"]),
        ("clientPhone", ["clientphone", "client", "phone", "clientnumber", "contactphonenumber"]),
        ("from", ["from", "src", "caller", "callerid", "callernumber", "callerphone", "anumber"]),
        ("to", ["to", "dst", "callee", "called", "destination", "bnumber"]),
        ("linePhone", ["did", "line", "linephone", "linenumber", "virtualphonenumber", "calleddid", "diversion", "phonenumber"]),
        ("employee", ["employee", "manager", "agent", "user", "ext", "extension", "employeefullname"]),
        ("startedAt", ["startedat", "start", "starttime", "calldate", "callstart", "timestamp", "date"]),
        ("answeredAt", ["answeredat", "answertime", "answer"]),
        ("endedAt", ["endedat", "end", "endtime", "finishtime"]),
        ("talkSeconds", ["talkseconds", "billsec", "talk", "talktime", "talktimeduration"]),
        ("waitSeconds", ["waitseconds", "wait", "waittime", "waittimeduration"]),
        ("recordingUrl", ["recordingurl", "recording", "recordurl", "record", "recordinglink", "link", "filelink", "recordingfile"]),
        ("recordingId", ["recordingid", "recordid"]),
        ("visitId", ["visitid"]),
        ("visitorId", ["visitorid"]),
        ("page", ["page", "url", "landingpage"]),
        ("referrer", ["referrer", "referer"]),
        ("clientName", ["clientname", "callername", "name", "contactfullname"]),
    ];

    private static readonly HashSet<string> Facts = new(Known.Select(k => k.Fact), StringComparer.OrdinalIgnoreCase);

    // The token in the address is the proof; these would only spread secrets.
    private static readonly HashSet<string> Secrets = ["token", "secret", "key", "apikey", "apitoken", "accesstoken", "password", "crmtoken", "vpbxapikey"];

    private static readonly HashSet<string> ClickIds = new(StringComparer.OrdinalIgnoreCase)
    {
        "yclid", "ymclid", "gclid", "gbraid", "wbraid", "fbclid", "rb_clickid", "vk_click_id", "ttclid", "msclkid", "_openstat", "roistat", "erid", "calltouch_tm", "etext",
    };

    private static readonly HashSet<string> Empty = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "null", "undefined", "(not set)", "(none)", "<не указано>", "<не заполнено>",
    };

    public List<KeyValuePair<string, string>> Tags { get; } = [];

    /// <summary>Label and text of what no fact took.</summary>
    public List<KeyValuePair<string, string>> Others { get; } = [];

    /// <summary>Facts and tags with their values as posted.</summary>
    public IReadOnlyDictionary<string, string> Taken => _facts;

    public string? this[string fact] => _facts.GetValueOrDefault(fact);

    /// <param name="values">As posted.</param>
    /// <param name="map">The owner's: posted name (a dotted path) to fact; the other way round is understood too.</param>
    public static GenericFacts Of(PostedValues values, IReadOnlyDictionary<string, string> map)
    {
        var facts = new GenericFacts();
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (left, right) in map)
        {
            var (posted, fact) = Facts.Contains(right) || IsTag(right) ? (left, right) : (right, left);
            if (values[posted] is not { } value || (!Facts.Contains(fact) && !IsTag(fact)) || !used.Add(posted)) continue;
            if (IsTag(fact)) facts.AddTag(fact, value);
            else facts.Take(fact, value);
        }
        var byName = new Dictionary<string, KeyValuePair<string, string>>(StringComparer.Ordinal);
        foreach (var value in values.All)
            if (!used.Contains(value.Key)) byName.TryAdd(Plain(value.Key), value);
        foreach (var (fact, names) in Known)
            foreach (var name in names)
                // {"call":{"id":…}} is as good as {"id":…}.
                foreach (var path in (ReadOnlySpan<string>)[name, "call." + name, "data." + name])
                    if (byName.TryGetValue(path, out var posted) && facts.Take(fact, posted.Value)) used.Add(posted.Key);
        foreach (var (name, value) in values.All)
        {
            if (used.Contains(name) || Secrets.Contains(Plain(name))) continue;
            var last = name[(name.LastIndexOf('.') + 1)..];
            if (IsTag(last)) facts.AddTag(last, value);
            else if (!IsEmpty(value)) facts.Others.Add(new(name, value.Length > 1000 ? value[..1000] : value));
        }
        return facts;
    }

    private bool Take(string fact, string value)
    {
        // What is hidden is said by a word too: those stay.
        if (IsEmpty(value) || Text.CleanLine(value, fact == "externalId" ? int.MaxValue : LongestValue) is not { } text) return false;
        return _facts.TryAdd(fact, text);
    }

    private void AddTag(string name, string value)
    {
        if (!IsEmpty(value)) Tags.Add(new(name, value));
    }

    private static bool IsTag(string name) => name.StartsWith("utm_", StringComparison.OrdinalIgnoreCase) || ClickIds.Contains(name);

    private static bool IsEmpty(string value) => Empty.Contains(value.Trim());

    private static string Plain(string name) => string.Concat(name.Where(c => c is not ('_' or '-' or ' ')).Select(char.ToLowerInvariant));
}
