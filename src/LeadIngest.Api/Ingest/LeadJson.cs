using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Ingest;

/// <summary>
/// Reads the JSON of <c>POST /v1/sites/{siteKey}/leads</c> by hand, in one pass: each fault gets the name of its field and what is wrong with it.
/// Names match without regard to case; a property that is not of the contract becomes a field.
/// </summary>
internal ref struct LeadJson
{
    public const int MaxDepth = 32;
    public const int MaxFields = 500;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    private Utf8JsonReader _reader;
    private readonly Dictionary<string, string[]> _errors = [];
    private readonly List<KeyValuePair<string, string>> _fields = [];

    private LeadJson(ReadOnlySpan<byte> body) => _reader = new Utf8JsonReader(body, Options);

    /// <returns>Null with <paramref name="errors"/> filled when anything was wrong; faults of several fields are told together.</returns>
    public static PostedLead? Read(ReadOnlySpan<byte> body, out Dictionary<string, string[]> errors)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        var json = new LeadJson(body);
        errors = json._errors;
        try
        {
            return json.ReadRoot();
        }
        catch (JsonException e)
        {
            errors["body"] = [$"Not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {Reason(e)}"];
            return null;
        }
    }

    private PostedLead? ReadRoot()
    {
        if (!_reader.Read()) throw new JsonException("The body is empty.");
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            _errors["body"] = ["Must be a JSON object."];
            return null;
        }
        var lead = new PostedLead { Fields = _fields };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text("name of a property");
            _reader.Read();
            if (name is null) Skip();
            // "Phone" beside "phone" is the same property given twice; "City" beside "city" are two fields.
            else if (!seen.Add(name) || (Known(name) is { } known && known != name && !seen.Add(known)))
            {
                Fail(name, "Is given twice.");
                Skip();
            }
            else lead = Property(lead, name);
        }
        if (_reader.Read()) throw new JsonException("There is text after the object.");
        return _errors.Count == 0 ? lead : null;
    }

    private PostedLead Property(PostedLead lead, string name)
    {
        switch (name.ToLowerInvariant())
        {
            case "name": return lead with { Name = Text(name) };
            case "phone": return lead with { Phone = TextOrDigits(name) };
            case "email": return lead with { Email = Text(name) };
            case "contact" or "messenger": return lead with { Contact = Text(name) ?? lead.Contact };
            case "comment": return lead with { Comment = Text(name) };
            case "page": return lead with { Page = Text(name) };
            case "referrer": return lead with { Referrer = Text(name) };
            case "formid": return lead with { FormId = TextOrDigits(name) };
            case "formname": return lead with { FormName = Text(name) };
            case "visitorid": return lead with { VisitorId = TextOrDigits(name) };
            case "visitid" or "visit": return lead with { VisitId = TextOrDigits(name) ?? lead.VisitId };
            case "landingpage": return lead with { LandingPage = Text(name) };
            case "landingreferrer": return lead with { LandingReferrer = Text(name) };
            case "filledinseconds": return lead with { FilledInSeconds = Seconds(name) };
            case "occurredat": return lead with { OccurredAt = Time(name) };
            case "consent": return lead with { Consent = Consent(name) };
            case "_gotcha": return lead with { LooksLikeSpam = !string.IsNullOrWhiteSpace(Text(name)) };
            case "fields":
                if (_reader.TokenType == JsonTokenType.StartObject) Object("", name);
                else if (_reader.TokenType != JsonTokenType.Null)
                {
                    Fail(name, "Must be an object.");
                    Skip();
                }
                return lead;
            default:
                Value(name, name);
                return lead;
        }
    }

    /// <returns>The property of the contract that this name stands for, in lower case; null when it names a field.</returns>
    private static string? Known(string name)
    {
        var lower = name.ToLowerInvariant();
        return lower is "name" or "phone" or "email" or "contact" or "messenger" or "comment" or "page" or "referrer" or "formid" or "formname"
            or "visitorid" or "visitid" or "visit" or "landingpage" or "landingreferrer" or "filledinseconds" or "occurredat" or "consent" or "_gotcha" or "fields" ? lower : null;
    }

    /// <summary>Members of an object become fields; nested names are joined with a dot.</summary>
    private void Object(string prefix, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text(path);
            _reader.Read();
            if (name is null) Skip();
            else if (!seen.Add(name))
            {
                Fail($"{path}.{name}", "Is given twice.");
                Skip();
            }
            else Value(prefix + name, $"{path}.{name}");
        }
    }

    private void Value(string label, string path)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.Null:
                return;
            case JsonTokenType.StartObject:
                Object(label + ".", path);
                return;
            case JsonTokenType.StartArray:
                for (var i = 0; _reader.Read() && _reader.TokenType != JsonTokenType.EndArray; i++) Value(label, $"{path}[{i}]");
                return;
            case JsonTokenType.True or JsonTokenType.False:
                Add(label, _reader.TokenType == JsonTokenType.True ? "true" : "false");
                return;
            case JsonTokenType.Number:
                if (_reader.ValueSpan.Length > 40) Fail(path, "The number is too long.");
                else Add(label, Encoding.ASCII.GetString(_reader.ValueSpan));
                return;
            default:
                if (Text(path) is { } text) Add(label, text);
                return;
        }
    }

    private void Add(string label, string value)
    {
        if (_fields.Count < MaxFields) _fields.Add(new(label, value));
        else Fail("fields", $"More than {MaxFields} fields.");
    }

    private string? Text(string path)
    {
        if (_reader.TokenType == JsonTokenType.Null) return null;
        if (_reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            Fail(path, "Must be a string.");
            Skip();
            return null;
        }
        try
        {
            var text = _reader.GetString()!;
            if (!text.Contains('\0')) return text;
            Fail(path, "Holds a NUL character.");
        }
        catch (InvalidOperationException)
        {
            Fail(path, "Is not valid Unicode: broken UTF-8 or half of a surrogate pair.");
        }
        return null;
    }

    /// <summary>Sloppy senders give phones and ids as numbers; digits only, as many as any id has.</summary>
    private string? TextOrDigits(string path)
    {
        if (_reader.TokenType != JsonTokenType.Number) return Text(path);
        if (_reader.ValueSpan.Length <= 20 && !_reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return Encoding.ASCII.GetString(_reader.ValueSpan);
        Fail(path, "Must be a string.");
        return null;
    }

    /// <summary>A number of seconds, 0 or more; a year at most.</summary>
    private double? Seconds(string path)
    {
        if (_reader.TokenType == JsonTokenType.Null) return null;
        if (_reader.TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var seconds) && seconds is >= 0 and < 31_536_000) return seconds;
        Fail(path, "Must be a number of seconds, 0 or more.");
        Skip();
        return null;
    }

    private DateTimeOffset? Time(string path)
    {
        if (Text(path) is not { } text) return null;
        if (text.Contains('T', StringComparison.OrdinalIgnoreCase) && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 9)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) && time.Year is >= 1990 and <= 2200) return time;
        Fail(path, "Must be a time as of RFC 3339 with an offset, for example 2026-11-21T10:30:00+03:00.");
        return null;
    }

    private PostedConsent? Consent(string path)
    {
        if (_reader.TokenType == JsonTokenType.Null) return null;
        if (_reader.TokenType is JsonTokenType.True or JsonTokenType.False) return new PostedConsent(null, _reader.TokenType == JsonTokenType.True);
        if (_reader.TokenType != JsonTokenType.StartObject)
        {
            Fail(path, "Must be an object with text and given.");
            Skip();
            return null;
        }
        string? text = null;
        bool? given = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Text(path);
            _reader.Read();
            if (name is not null && !seen.Add(name)) Fail($"{path}.{name}", "Is given twice.");
            switch (name)
            {
                case "text": text = Text("consent.text"); break;
                case "given" when _reader.TokenType is JsonTokenType.True or JsonTokenType.False: given = _reader.GetBoolean(); break;
                case "given" when _reader.TokenType is not JsonTokenType.Null: Fail("consent.given", "Must be true or false."); Skip(); break;
                default: Skip(); break;
            }
        }
        return new PostedConsent(text, given);
    }

    private readonly void Fail(string path, string reason)
    {
        if (_errors.Count < 20) _errors[path.Length <= 100 ? path : path[..100]] = [reason];
    }

    private void Skip()
    {
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) _reader.Skip();
    }

    private static string Reason(JsonException e)
    {
        var text = e.Message;
        var end = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }
}
