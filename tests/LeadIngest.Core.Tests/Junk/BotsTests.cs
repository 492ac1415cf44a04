using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadIngest.Core.Junk;

namespace LeadIngest.Core.Tests.Junk;

public class BotsTests
{
    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", AgentKind.Crawler)]
    [InlineData("Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", AgentKind.Crawler)]
    [InlineData("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", AgentKind.Crawler)]
    [InlineData("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0 Safari/537.36", AgentKind.Crawler)]
    [InlineData("Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)", AgentKind.Crawler)]
    [InlineData("Scrapy/2.11 (+https://scrapy.org)", AgentKind.Unknown)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36", AgentKind.Automated)]
    public void Robots_are_known_by_name(string agent, AgentKind kind) => Assert.Equal(kind, Bots.KindOf(agent));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("curl/8.5.0")]
    [InlineData("python-requests/2.31.0")]
    [InlineData("okhttp/4.12.0")]
    [InlineData("GuzzleHttp/7")]
    [InlineData("WordPress/6.5; https://okna-plus.ru")]
    [InlineData("Zapier")]
    [InlineData("Make/production")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 YaBrowser/24.6.0.0 Safari/537.36")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; 22101316G; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0 Mobile Safari/537.36 Viber/22.1.0")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E236 Instagram 338.0.0.17.95")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 8 Build/AP3A.240617.008) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; CUBOT P50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36")]
    [InlineData("Mozilla/5.0 (Linux; Android 11; KFTRWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/126.3.1 like Chrome/126.0 Safari/537.36")]
    public void People_and_the_servers_that_post_for_them_are_no_bots(string? agent) => Assert.False(Bots.IsBot(agent));

    [Fact]
    public void The_embedded_list_says_what_the_upstream_file_says()
    {
        using var upstream = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), "src/LeadIngest.Core/Junk/Data/crawler-user-agents.json")));
        var patterns = upstream.RootElement.EnumerateArray().Select(e => e.GetProperty("pattern").GetString()!).ToHashSet();
        var rows = JunkData.Lines("agents.txt").Select(l => l.Split('\t')).ToList();
        Assert.InRange(rows.Count, 1000, 1498);
        foreach (var row in rows)
            Assert.True(row[1] == "regex" ? patterns.Contains(row[2]) : patterns.Any(p => Regex.Replace(p, @"\\([^\w\s])", "$1") == row[2]), row[2]);
    }

    [Fact]
    public void Every_instance_that_upstream_shows_for_a_pattern_of_the_list_is_recognised()
    {
        using var upstream = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), "src/LeadIngest.Core/Junk/Data/crawler-user-agents.json")));
        var listed = JunkData.Lines("agents.txt").Select(l => l.Split('\t')[2]).ToHashSet();
        var seen = 0;
        foreach (var entry in upstream.RootElement.EnumerateArray())
        {
            var pattern = entry.GetProperty("pattern").GetString()!;
            if (!listed.Contains(pattern) && !listed.Contains(Regex.Replace(pattern, @"\\([^\w\s])", "$1"))) continue;
            foreach (var agent in entry.GetProperty("instances").EnumerateArray().Select(i => i.GetString()!).Where(a => Regex.IsMatch(a, pattern)))
            {
                Assert.True(Bots.IsBot(agent), agent);
                seen++;
            }
        }
        Assert.InRange(seen, 1000, int.MaxValue);
    }

    [Fact]
    public void No_agent_takes_long()
    {
        string[] hostile = [new('a', 1_000_000), string.Concat(Enumerable.Repeat("Current Spider ContextualBot ", 40_000)), new(' ', 500_000), string.Concat(Enumerable.Repeat("BlogTraffic/1.", 50_000))];
        Bots.IsBot("warm");
        var started = Stopwatch.GetTimestamp();
        for (var turn = 0; turn < 100; turn++)
            foreach (var agent in hostile) Bots.IsBot(agent);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(4));
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
