using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Calls;
using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

/// <summary>Webhooks as providers send them, read without a server.</summary>
internal static class Webhooks
{
    /// <summary>A second after the calls of the samples, 1 January 2025.</summary>
    public static readonly DateTimeOffset Now = new(2025, 1, 1, 8, 0, 1, TimeSpan.Zero);

    public const string FormType = "application/x-www-form-urlencoded";

    public static CallRequest Request(string provider, byte[] body, string? contentType = FormType, string query = "", string rest = "", string method = "POST",
        SenderSettings? settings = null, SenderSecrets? secrets = null, string address = "https://leads.example/v1/calls/x/t", params (string Name, string Value)[] headers) => new()
        {
            Sender = new Sender
            {
                ProjectId = Guid.CreateVersion7(),
                Id = Guid.CreateVersion7(),
                SiteId = Guid.CreateVersion7(),
                SiteKey = "demo-site",
                Provider = provider,
                Settings = settings ?? new(),
                Secrets = secrets ?? new(),
            },
            Method = method,
            Address = address,
            Rest = rest,
            Query = query,
            ContentType = contentType,
            Headers = headers.ToDictionary(header => header.Name, header => header.Value),
            Body = body,
            ReceivedAt = Now,
        };

    public static CallReading Read(string provider, string body, string? contentType = FormType, string query = "", string rest = "", string method = "POST",
        SenderSettings? settings = null, SenderSecrets? secrets = null, string address = "https://leads.example/v1/calls/x/t", params (string Name, string Value)[] headers) =>
        Find(provider).Read(Request(provider, Encoding.UTF8.GetBytes(body), contentType, query, rest, method, settings, secrets, address, headers));

    public static CallReading ReadJson(string provider, string json, SenderSettings? settings = null, SenderSecrets? secrets = null) =>
        Read(provider, json, "application/json", settings: settings, secrets: secrets);

    public static ICallProvider Find(string provider) => LeadIngest.Api.Senders.Calls.CallProviders.Find(provider) ?? throw new InvalidOperationException($"No adapter for {provider}.");

    /// <summary>The only event of a reading.</summary>
    public static CallEvent One(this CallReading reading) =>
        Assert.Single(reading is CallReading.Events events ? events.List : throw new InvalidOperationException($"Expected an event, got {JsonSerializer.Serialize(reading, reading.GetType())}"));

    public static IReadOnlyDictionary<string, string[]> Errors(this CallReading reading) => Assert.IsType<CallReading.Unreadable>(reading).Errors;

    public static string? Tag(this CallEvent call, string name) => call.Tags.Where(tag => tag.Key == name).Select(tag => tag.Value).SingleOrDefault();

    public static string? Field(this CallEvent call, string name) => call.Fields.Where(field => field.Key == name).Select(field => field.Value).FirstOrDefault();

    public static string Text(this CallReading reading) => JsonSerializer.Serialize(reading, reading.GetType());

    public static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);

    public static string Form(params (string Name, string Value)[] pairs) =>
        string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Name)}={Uri.EscapeDataString(pair.Value)}"));
}
