using System.Text.Json;
using LeadIngest.Core.Passports;
using YamlDotNet.Serialization;

namespace LeadIngest.Core.Tests.Passports;

/// <summary>The JSON that Core reads says what the upstream YAML says. On red: run <c>scripts/data/sources.mjs</c>.</summary>
public sealed class SourceListsTests
{
    private static readonly string Data = FindData();

    [Fact]
    public void Search_engines_are_those_of_the_list()
    {
        var yaml = Yaml<Dictionary<string, List<Dictionary<string, object>>>>("matomo-SearchEngines.yml");
        var expected = yaml.SelectMany(engine => engine.Value.Select(config =>
            (Display(engine.Key), Join(config, "urls"), Join(config, "params"), Join(config, "charsets")))).ToList();
        var engines = Json<SourceCatalogData.Engine[]>("search-engines.json");

        Assert.Equal(expected, engines.Select(e => (e.Name, string.Join('\n', e.Urls), string.Join('\n', e.Params), string.Join('\n', e.Charsets))));
        Assert.True(engines.Select(e => e.Name).Distinct().Count() > 290);
    }

    [Theory]
    [InlineData("matomo-Socials.yml", "socials.json")]
    [InlineData("matomo-AIAssistants.yml", "ai-assistants.json")]
    public void Sites_are_those_of_the_list(string yaml, string json) => Assert.Equal(
        Yaml<Dictionary<string, List<string>>>(yaml).Select(site => (Display(site.Key), string.Join('\n', site.Value))),
        Json<SourceCatalogData.Site[]>(json).Select(site => (site.Name, string.Join('\n', site.Urls))));

    [Fact]
    public void Every_listed_host_is_found_again()
    {
        foreach (var engine in Json<SourceCatalogData.Engine[]>("search-engines.json"))
            foreach (var url in engine.Urls.Where(u => !u.Contains('/', StringComparison.Ordinal)))
            {
                var host = url.Replace("{}", "de", StringComparison.Ordinal);
                host = host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
                Assert.True(SourceCatalog.Default.Hosts.Find(host, "/") is not null, url);
            }
        Assert.All(File.ReadLines(Path.Combine(Data, "matomo-referrer-spammers.txt")), host => Assert.True(SourceCatalog.Default.IsSpam(host)));
    }

    [Fact]
    public void Our_own_tables_agree_with_each_other()
    {
        var keys = EmbeddedData.Rows("source-aliases.csv").Select(row => row[1]).Append(SourceDictionary.AnySource).ToHashSet();
        Assert.All(EmbeddedData.Rows("source-dictionary.csv"), row => Assert.Contains(row[0], keys));
        Assert.All(EmbeddedData.Rows("click-ids.csv"), row => Assert.True(SourceDictionary.Default.TryFind(row[1], row[2].Length > 0 ? row[2] : null, out _), row[0]));
        var kinds = EmbeddedData.Rows("mediums.csv").Select(row => "@" + row[1]).ToHashSet();
        Assert.All(EmbeddedData.Rows("source-dictionary.csv").Where(row => row[1].StartsWith('@')), row => Assert.Contains(row[1], kinds));
    }

    private static string Display(string name) => Uri.UnescapeDataString(name);

    private static string Join(Dictionary<string, object> config, string key) =>
        config.TryGetValue(key, out var list) ? string.Join('\n', (List<object>)list) : "";

    private static T Yaml<T>(string file) => new DeserializerBuilder().Build().Deserialize<T>(File.ReadAllText(Path.Combine(Data, file)));

    private static T Json<T>(string file) => JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(Data, file)), JsonSerializerOptions.Web)!;

    private static string FindData()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "src/LeadIngest.Core/Passports/Data");
    }
}
