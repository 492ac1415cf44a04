using System.Text;
using System.Text.RegularExpressions;
using LeadIngest.Api.Senders.Calls;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

/// <summary>Every provider has its page, and what the page shows is what the adapter reads.</summary>
public partial class SenderPagesTests
{
    // The generic provider's page shows how to write a map: a sample without one would be no sample of it.
    public static TheoryData<string> Providers => [.. LeadIngest.Api.Senders.Calls.CallProviders.Names.Where(name => name != "generic")];

    [Fact]
    public void The_registry_knows_its_providers_by_name()
    {
        foreach (var name in (string[])["beeline", "callibri", "calltouch", "mango", "megafon", "mts", "roistat", "twilio", "uis", "zadarma"]) Assert.Contains(name, LeadIngest.Api.Senders.Calls.CallProviders.Names);
        foreach (var name in LeadIngest.Api.Senders.Calls.CallProviders.Names) Assert.Equal(name, Webhooks.Find(name.ToUpperInvariant()).Name);
        Assert.Null(LeadIngest.Api.Senders.Calls.CallProviders.Find("nobody"));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_page_tells_the_address_and_its_samples_read_to_events(string provider)
    {
        var page = Page(provider);

        Assert.Contains($"https://leads.example.ru/v1/calls/{provider}/{{token}}", page, StringComparison.Ordinal);
        var samples = Samples().Matches(page);
        Assert.NotEmpty(samples);
        foreach (Match sample in samples)
        {
            var call = Webhooks.Read(provider, sample.Groups["body"].Value.Trim(), sample.Groups["type"].Value, rest: sample.Groups["rest"].Value).One();
            Assert.NotEmpty(call.ExternalId);
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_same_body_again_gives_the_same_events(string provider)
    {
        foreach (Match sample in Samples().Matches(Page(provider)))
        {
            CallReading Read() => Webhooks.Read(provider, sample.Groups["body"].Value.Trim(), sample.Groups["type"].Value, rest: sample.Groups["rest"].Value);
            Assert.Equal(Read().Text(), Read().Text());
        }
    }

    private static string Page(string provider)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) folder = folder.Parent;
        return File.ReadAllText(Path.Combine(folder!.FullName, "api-spec", "senders", provider + ".md"), Encoding.UTF8);
    }

    // "Sample (`content/type`):" or "Sample (`content/type`, path `events/call`):", then a fenced block.
    [GeneratedRegex(@"^Sample[^\n]*\(`(?<type>[^`]+)`(?:, path `(?<rest>[^`]+)`)?\):\s*```[a-z]*\n(?<body>.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Samples();
}
