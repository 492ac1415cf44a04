using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Ingest;

[Collection(Alone.Name)]
public class FuzzTests(IngestFixture api) : IClassFixture<IngestFixture>
{
    private const int Count = 3_000;

    private static readonly string[] Json =
    [
        """{"name":"Анна","phone":"+79161234567","email":"olga@mail.ru","page":"https://okna.ru/?utm_source=yandex&yclid=1","consent":{"text":"да","given":true},"fields":{"a":[1,{"b":null}]}}""",
        """{"phone":89161234567,"occurredAt":"2026-11-21T10:30:00+03:00","comment":"\u0416\ud83d\ude00","formId":"x","_gotcha":""}""",
    ];

    private static readonly string[] Forms =
    [
        "name=%D0%90%D0%BD%D0%BD%D0%B0&phone=8+916+123-45-67&utm_source=yandex&a[]=1&a[]=2&agree=on",
        "--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n89161234567\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--\r\n",
    ];

    private static readonly string[] Types =
    [
        "application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data; boundary=\"",
        "multipart/form-data", "application/xml", "application/json; charset=windows-1251", "x",
    ];

    private static readonly string[] Splices =
    [
        "\0", "\\u0000", "\\ud800", "\uFEFF", "%00", "%ED%A0%80", "%", "&amp;", "\"", "{", "[[[[[[[[", "}", "]", ":", ",", "\\", "1e999", "-", "99999999999999999999999", "null", "true",
        "\r\n--b", "\r\n--b--", "\r\n\r\n", "name=", "phone", "\"phone\":\"1\",", "\u202E", "😀", "\uFFFF", "_next=//x&", "_gotcha=1&", "{keyword}", "=?utf-8?b?", "&&&&", "==", "../", "'", ";--",
    ];

    [Fact]
    public async Task Whatever_is_posted_is_stored_rejected_or_refused_and_never_breaks_the_service()
    {
        var project = await api.OpenAsync();
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "leadingest_ingest_total") own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag is { Key: "outcome", Value: string outcome })
                    lock (counted) counted[outcome] = counted.GetValueOrDefault(outcome) + value;
        });
        listener.Start();

        var random = new Random(20261121);
        var requests = Enumerable.Range(0, Count).Select(_ => Request(random)).ToArray();
        var (stored, kept, refused) = (0, 0, 0);
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (request, ct) =>
        {
            var (form, type, encoding, body) = request;
            using var content = Posts.Content(body, type);
            if (encoding is not null) content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            using var answer = await api.Client.PostAsync(form ? project.Forms() : project.Leads(), content, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} for {type} {encoding}: {Encoding.UTF8.GetString(body)}\n{text}");
            if (answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.SeeOther) Interlocked.Increment(ref stored);
            else if (JsonSerializer.Deserialize<JsonElement>(text).TryGetProperty("errors", out _)) Interlocked.Increment(ref kept);
            else Interlocked.Increment(ref refused);
        });

        Assert.Equal(Count, stored + kept + refused);
        Assert.Equal((stored, kept), ((int)await api.LeadCountAsync(project), (int)await api.RejectCountAsync(project)));
        Assert.Equal((stored, kept, refused), (counted["stored"], counted["rejected"], counted["refused"]));
        Assert.True(stored > Count / 20 && kept > Count / 20 && refused > 0, $"The mix teaches nothing: {stored}, {kept}, {refused}");
        // Each of them can be read, in lists and alone.
        Assert.Equal(stored, (await api.AllLeadsAsync(project)).Count);
        await api.ReadAsync(project, "/v1/rejects?limit=500");
    }

    private static (bool Form, string? Type, string? Encoding, byte[] Body) Request(Random random)
    {
        var form = random.Next(2) == 0;
        var template = random.Next(2);
        var type = random.Next(5) == 0 ? Types[random.Next(Types.Length)] : form ? Types[3 + template] : Types[0];
        var body = Encoding.UTF8.GetBytes((form ? Forms : Json)[template]).ToList();
        for (var changes = random.Next(4); changes > 0; changes--) Mutate(random, body);
        var encoding = random.Next(60) == 0 ? new[] { "gzip", "br", "deflate", "zstd" }[random.Next(4)] : null;
        return (form, random.Next(50) == 0 ? null : type, encoding, [.. body]);
    }

    private static void Mutate(Random random, List<byte> body)
    {
        var at = random.Next(body.Count + 1);
        switch (random.Next(7))
        {
            case 0 when at < body.Count: body[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < body.Count: body[at] = (byte)random.Next(256); break;
            case 2: body.RemoveRange(at, Math.Min(random.Next(20), body.Count - at)); break;
            case 3: body.RemoveRange(at, body.Count - at); break;
            case 4: body.InsertRange(at, [.. body.Skip(random.Next(body.Count + 1)).Take(random.Next(60))]); break;
            case 5 when random.Next(20) == 0: body.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), 20_000)); break;
            default: body.InsertRange(at, Encoding.UTF8.GetBytes(Splices[random.Next(Splices.Length)])); break;
        }
    }
}
