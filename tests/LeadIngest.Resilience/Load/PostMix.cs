using System.IO.Compression;
using System.Text;

namespace LeadIngest.Resilience.Load;

/// <summary>Where a post has to end.</summary>
internal enum Outcome
{
    Stored,
    Rejected,
    Refused,
}

/// <param name="Kind">For people: what is the matter with it.</param>
/// <param name="IsRepeat">Refused because it was there before; answered as the first time.</param>
internal sealed record Post(string Kind, Outcome Outcome, string Path, string ContentType, byte[] Body, string? Key = null, string? Encoding = null, bool IsRepeat = false);

/// <summary>Good leads mixed with everything that senders get wrong. Each kind names the outcome it deserves.</summary>
internal sealed class PostMix(int seed)
{
    private const string Leads = "/v1/sites/demo-site/leads", Forms = "/v1/sites/demo-site/forms", Json = "application/json", Form = "application/x-www-form-urlencoded";
    private readonly Random _dice = new(seed);
    private readonly LeadPlan _plan = new("mix", seed);
    private int _made;

    public Post Next()
    {
        var number = _made++;
        var good = _plan.Next().Body;
        return _dice.Next(22) switch
        {
            0 => new("cut JSON", Outcome.Rejected, Leads, Json, good[..(1 + _dice.Next(good.Length - 2))]),
            1 => new("no JSON", Outcome.Rejected, Leads, Json, Noise(1 + _dice.Next(300))),
            2 => new("empty body", Outcome.Rejected, Leads, Json, []),
            3 => new("an array", Outcome.Rejected, Leads, Json, [(byte)'[', .. good, (byte)']']),
            4 => new("no contact", Outcome.Rejected, Leads, Json, Text("""{"name":"Анна","comment":"нет контактов"}""")),
            5 => new("NUL", Outcome.Rejected, Leads, Json, Text("""{"name":"a\u0000b","phone":"+79161234567"}""")),
            6 => new("half a surrogate pair", Outcome.Rejected, Leads, Json, Text("""{"name":"a\ud83db","phone":"+79161234567"}""")),
            7 => new("name given twice", Outcome.Rejected, Leads, Json, Text("""{"name":"a","name":"b","phone":"+79161234567"}""")),
            8 => new("deep JSON", Outcome.Rejected, Leads, Json, Text("{\"phone\":\"+79161234567\",\"fields\":" + new string('[', 500) + new string(']', 500) + "}")),
            9 => new("wrong type of content", Outcome.Rejected, Leads, "application/xml", Text("<lead/>")),
            10 => new("too large", Outcome.Refused, Leads, Json, Text($"{{\"comment\":\"{new string('x', 300_000)}\"}}")),
            11 => new("unknown site", Outcome.Refused, "/v1/sites/nobody/leads", Json, good),
            12 => new("bad key", Outcome.Refused, Leads, Json, good, "two words"),
            13 => new("corrupt gzip", Outcome.Refused, Leads, Json, Noise(100), Encoding: "gzip"),
            14 => new("unknown encoding", Outcome.Refused, Leads, Json, good, Encoding: "zstd"),
            15 => new("a bomb", Outcome.Refused, Leads, Json, Packed(Text($"{{\"comment\":\"{new string('x', 3_000_000)}\"}}")), Encoding: "gzip"),
            16 => new("packed", Outcome.Stored, Leads, Json, Packed(good), Encoding: "gzip"),
            17 => new("a form", Outcome.Stored, Forms, Form, Text($"name=%D0%90%D0%BD%D0%BD%D0%B0&phone=%2B7916{number:D7}&_page=1")),
            18 => new("a form without contact", Outcome.Rejected, Forms, Form, Text("name=Anna&message=hello")),
            _ => new("good", Outcome.Stored, Leads, Json, good, $"mix-{seed}-{number}"),
        };
    }

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _dice.NextBytes(noise);
        noise[0] = (byte)'~';
        return noise;
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
        return packed.ToArray();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
