using System.Text.Json.Nodes;

namespace LeadIngest.Api.Demo.History;

/// <summary>What people do to cards after the service has read them: only so does it learn that a card was deleted or merged.</summary>
/// <param name="Gone">Not to be found any more afterwards.</param>
/// <param name="Acts">For the emulator's door <c>/_act/amocrm</c>.</param>
internal sealed record LateChanges(IReadOnlyCollection<PlannedDeal> Gone, IReadOnlyList<JsonObject> Acts)
{
    private const int Deleted = 4, Merged = 3, Repriced = 3, Reopened = 2;

    public static LateChanges Of(IReadOnlyList<PlannedDeal> deals)
    {
        var (gone, acts) = (new HashSet<PlannedDeal>(), new List<JsonObject>());
        foreach (var deal in deals.Where(d => d.Ends == Story.Lost).Reverse().Skip(20).Take(Deleted))
        {
            gone.Add(deal);
            acts.Add(new() { ["entity"] = "deal", ["delete"] = deal.Id });
        }
        // Two cards of one client at one time.
        foreach (var pair in deals.Where(d => d.Person is not null && d.Ends is not (Story.Won or Story.Lost)).GroupBy(d => d.Person).Where(g => g.Count() > 1).Take(Merged).Select(g => g.Take(2).ToArray()))
        {
            gone.Add(pair[1]);
            acts.Add(new() { ["entity"] = "deal", ["merge"] = new JsonArray(pair[0].Id, pair[1].Id) });
        }
        foreach (var deal in deals.Where(d => d.Ends == Story.Won && d.Prices.Count > 0).Reverse().Skip(5).Take(Repriced))
            acts.Add(Set(deal, new() { ["price"] = deal.Prices[^1].Price + 1_500 }));
        foreach (var deal in deals.Where(d => d.Ends == Story.Lost && d.Pipeline == Story.Main && !gone.Contains(d)).Reverse().Skip(10).Take(Reopened))
            acts.Add(Set(deal, new() { ["status_id"] = Story.Stages[2], ["pipeline_id"] = Story.Main }));
        return new(gone, acts);
    }

    private static JsonObject Set(PlannedDeal deal, JsonObject set) => new() { ["entity"] = "deal", ["id"] = deal.Id, ["set"] = set };
}
