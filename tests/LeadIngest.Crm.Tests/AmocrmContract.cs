using System.Text.Json.Nodes;

namespace LeadIngest.Crm.Tests;

public sealed class AmocrmContract : CrmAccountContract
{
    private protected override string Kind => "amocrm";

    private protected override string Secret => "demo-amocrm-token";

    private protected override string CallsNoun => "calls";

    private protected override ConnectionSettings Unfit => new() { StageId = "987654" };

    // The service allows itself 5 a second of amoCRM's 7; one more may fall into a calendar second by its edges.
    private protected override (int Calls, int InOneSecond) Flood => (14, 6);

    [Theory]
    [InlineData("status_before", 402, "AccountBlocked")]
    [InlineData("status_before", 403, "AccountBlocked")]
    public override Task Trouble_with_the_account_leaves_the_delivery_pending(string kind, int? status, string expected) =>
        base.Trouble_with_the_account_leaves_the_delivery_pending(kind, status, expected);

    private protected override string? CallIdOf(JsonNode entry) => entry["params"]!["uniq"]?.ToString();

    private protected override string? CardOf(JsonNode entry) => entry["entity_id"]!.ToString();

    private protected override CrmConnection Connection(Uri emulator) => new() { Kind = "amocrm", BaseAddress = new Uri(emulator, "amocrm"), Token = Secret };

    private protected override string? Utm(JsonNode deal, string name) =>
        deal["custom_fields_values"]!.AsArray().SingleOrDefault(f => f!["field_code"]?.ToString() == $"UTM_{name.ToUpperInvariant()}")?["values"]![0]!["value"]!.ToString();

    private protected override string? ContactOf(JsonNode deal) => deal["_embedded"]!["contacts"]!.AsArray().SingleOrDefault()?["id"]!.ToString();
}
