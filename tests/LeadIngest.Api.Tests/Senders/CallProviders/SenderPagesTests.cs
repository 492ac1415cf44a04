using System.Text.RegularExpressions;
using LeadIngest.Api.Senders.Calls;
using Known = LeadIngest.Api.Senders.Calls.CallProviders;

namespace LeadIngest.Api.Tests.Senders.CallProviders;

/// <summary>Every provider has its page, and what the page shows is what the adapter reads.</summary>
public partial class SenderPagesTests
{
    public static TheoryData<string> Providers => [.. Known.Names];

    /// <summary>Pages, by provider or builder; both have a "generic" of their own.</summary>
    public static TheoryData<string, string> Pages
    {
        get
        {
            var pages = new TheoryData<string, string>();
            foreach (var provider in Known.Names) pages.Add(provider, PageOf(provider));
            foreach (var builder in LeadIngest.Api.Senders.Forms.FormBuilders.All) pages.Add(builder.Name, builder.Name);
            return pages;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_is_in_the_index_and_has_its_sections_in_their_order(string name, string page)
    {
        Assert.Contains($"| [{name}]({page}.md)", SenderPages.Read("README"), StringComparison.Ordinal);
        var sections = Sections().Matches(SenderPages.Read(page)).Select(m => m.Value.Trim()).ToList();
        Assert.Equal(["## What to switch on there", "## Secrets", "## Sample", "## What is read"], sections.Take(4));
    }

    [Fact]
    public void The_registry_knows_its_providers_by_name()
    {
        foreach (var name in (string[])["beeline", "callibri", "calltouch", "mango", "megafon", "mts", "roistat", "twilio", "uis", "zadarma"]) Assert.Contains(name, Known.Names);
        foreach (var name in Known.Names) Assert.Equal(name, Webhooks.Find(name.ToUpperInvariant()).Name);
        Assert.Null(Known.Find("nobody"));
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

    private static string PageOf(string provider) => provider == "generic" ? "calls-generic" : provider;

    private static string Page(string provider) => SenderPages.Read(PageOf(provider));

    [GeneratedRegex("^## .*$", RegexOptions.Multiline)]
    private static partial Regex Sections();

    // "Sample (`content/type`):" or "Sample (`content/type`, path `events/call`):", then a fenced block.
    [GeneratedRegex(@"^Sample[^\n]*\(`(?<type>[^`]+)`(?:, path `(?<rest>[^`]+)`)?\):\s*```[a-z]*\n(?<body>.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Samples();
}
