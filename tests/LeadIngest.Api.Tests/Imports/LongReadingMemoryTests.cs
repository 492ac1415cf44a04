using LeadIngest.Api.Tests.Deals;
using LeadIngest.Api.Tests.EndToEnd;

namespace LeadIngest.Api.Tests.Imports;

/// <summary>An account with very many people.</summary>
[Collection(nameof(LongHistoryTests))]
public sealed class LongReadingMemoryTests(EmulatedCrms api) : IClassFixture<EmulatedCrms>
{
    [Fact]
    public async Task Twenty_thousand_cards_are_read_within_a_bounded_memory()
    {
        await api.CrmAsync("/_seed/bitrix24", new { contacts = 20_000, first_phone = 79290000000 });
        var (project, _, bitrix24) = await api.ConnectAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var progress = await api.UntilAsync(project, $"/v1/connections/{bitrix24}/import", p => p.GetProperty("state").GetString() == "done");

        Assert.InRange(progress.GetProperty("contacts").GetInt32(), 20_000, int.MaxValue);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 50 * 1024 * 1024);
    }
}
