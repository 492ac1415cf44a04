using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

public class AnyBytesTests
{
    private static readonly string[] Names =
    [
        "id", "call_id", "callid", "entry_id", "event", "cmd", "type", "status", "direction", "json", "from", "to", "from.number", "caller_id", "called_did", "call_start", "timestamp", "talk_time", "duration",
        "disposition", "call_state", "create_time", "recording_id", "attrs", "utm_source", "utm[source]", "source", "medium", "CallSid", "From", "Timestamp", "CallStatus", "zd_echo", "", "[", "a.b.c",
        "call_session_id", "ts", "appeal_id", "date", "phone", "visit_id", "marker", "crm_token", "sign", "numberA",
    ];

    private static readonly string[] Values =
    [
        "", "0", "1", "-1", "null", "{x}", "{{x}}", "{\"a\":[1,{\"b\":null}]}", "{\"entry_id\":", "[]", "NOTIFY_END", "history", "event", "INCOMING", "Connected", "79030000001", "101", "anonymous",
        "sip:@", "<sip:1@>", "<>", "2025-01-01 11:00:00", "2025-01-01T", "1735718400", "99999999999999999999", "NaN", "1e9", "0001-01-01 00:00:00", "9999-12-31T23:59:59+14:00", "Wed, 01 Jan 2025 08:00:00 +9999",
        "\uD800", "\0", "и\u0306", "%", "%ZZ", "+", "in_1", "out_1", "https://a.example/?utm_source=b", "completed", "answered",
    ];

    private static readonly string?[] Types = [null, "", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data; boundary=\"", "text/xml", "text/plain; charset=windows-1251", "\uD800"];

    private static readonly string[] Starts = ["", "{", "[{\"id\":1},", "\"", "--x\r\n", "--x\n\n", "<a", "<Event xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\"><eventData x:type=\"CallReleasedEvent\"><call><startTime>", "\uFEFF{"];

    public static TheoryData<string> Providers => [.. LeadIngest.Api.Senders.Calls.CallProviders.Names];

    [Theory]
    [MemberData(nameof(Providers))]
    public void No_bytes_make_an_adapter_throw(string provider) =>
        Hold(Bytes.SelectMany(body => Rest.Select(rest => (body, rest))), pair => Check(provider, pair.body, pair.rest));

    [Theory]
    [MemberData(nameof(Providers))]
    public void No_form_makes_an_adapter_throw(string provider) =>
        Hold(Form.SelectMany(form => Rest.Select(rest => (Encoding.UTF8.GetBytes(string.Join('&', form.Select(pair => $"{Escape(pair.Item1)}={Escape(pair.Item2)}"))), rest))), pair => Check(provider, pair.Item1, pair.rest));

    [Theory]
    [MemberData(nameof(Providers))]
    public void No_json_makes_an_adapter_throw(string provider) =>
        Hold(Form.SelectMany(form => Rest.Select(rest => (JsonOf(form), rest))), pair => Check(provider, pair.Item1, pair.rest with { Type = "application/json" }));

    private static void Hold<T>(Gen<T> values, Func<T, bool> holds) => Prop.ForAll(values.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    /// <summary>A reading of one of the five kinds, the same each time, with no event that cannot be stored.</summary>
    private static bool Check(string provider, byte[] body, Surroundings rest)
    {
        var (first, again) = (Read(provider, body, rest), Read(provider, body, rest));
        if (first.Text() != again.Text()) return false;
        return first switch
        {
            CallReading.Events events => events.List.Count > 0 && events.List.All(call => call.ExternalId.Length is > 0 and <= 200 && call.TalkSeconds is null or >= 0 && call.WaitSeconds is null or >= 0),
            CallReading.Unreadable unreadable => unreadable.Errors.Count > 0 && unreadable.Errors.All(error => error.Key.Length > 0 && error.Value.Length > 0),
            CallReading.Nothing or CallReading.Forbidden or CallReading.Answer => true,
            _ => false,
        };
    }

    private static CallReading Read(string provider, byte[] body, Surroundings rest) =>
        Webhooks.Find(provider).Read(Webhooks.Request(provider, body, rest.Type, rest.Query, rest.Path, rest.Method,
            new SenderSettings { TimeZone = rest.Zone, FieldMap = new Dictionary<string, string> { ["a.b.c"] = "externalId", [""] = "", ["x"] = "startedAt" }, Words = new Dictionary<string, string> { ["1"] = "answered", [""] = "" } },
            rest.Secret is null ? null : new() { Secret = rest.Secret, Key = rest.Secret }, rest.Address, ("Signature", rest.Secret ?? ""), ("X-Twilio-Signature", "a")));

    private static readonly Gen<byte[]> Bytes = Gen.Elements(Starts).SelectMany(start => ArbMap.Default.GeneratorFor<byte[]>().Select(rest => (byte[])[.. Encoding.UTF8.GetBytes(start), .. rest]));

    private static readonly Gen<(string, string)[]> Form =
        Gen.Elements(Names).SelectMany(name => Gen.OneOf(Gen.Elements(Values), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).Select(value => (name, value))).ArrayOf();

    private static readonly Gen<Surroundings> Rest =
        Gen.Elements(Types).SelectMany(type => Gen.Elements("", "?", "?zd_echo=a", "?id=1&id=2&%FF=%", "zd_echo=<x>").SelectMany(query => Gen.Elements("", "events/call", "events/sms", "ping", "result/x").SelectMany(path =>
            Gen.Elements("GET", "POST").SelectMany(method => Gen.Elements<string?>(null, "s", "demo").SelectMany(secret => Gen.Elements("Europe/Moscow", "", "Europe/Berlin").SelectMany(zone =>
                Gen.Elements("", "https://a.example/x", "https://a.example:443", "http://", "\0").Select(address => new Surroundings(type, query, path, method, secret, zone, address))))))));

    private static string Escape(string text) => Uri.EscapeDataString(text.Replace('\uD800', '?'));

    private static byte[] JsonOf((string, string)[] form) =>
        Encoding.UTF8.GetBytes("{" + string.Join(',', form.Select((pair, at) => $"{System.Text.Json.JsonSerializer.Serialize(pair.Item1)}:{(at % 3 == 0 && pair.Item2 is ['{' or '[', ..] ? "{\"a\":[{\"name\":\"visitId\",\"value\":{}}]}" : pair.Item2 == "\uD800" ? "\"\\ud800\"" : System.Text.Json.JsonSerializer.Serialize(pair.Item2))}")) + "}");

    private sealed record Surroundings(string? Type, string Query, string Path, string Method, string? Secret, string Zone, string Address);
}
