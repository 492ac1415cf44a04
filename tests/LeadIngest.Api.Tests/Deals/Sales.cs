using System.Globalization;
using System.Text.Json;
using LeadIngest.Api.Tests.EndToEnd;
using LeadIngest.Api.Tests.Imports;

namespace LeadIngest.Api.Tests.Deals;

/// <summary>Deals of one emulated CRM as people work on them, and the mirror of them, for tests that are the same for both.</summary>
internal sealed class Sales(EmulatedCrms api, string crm)
{
    public Cards Cards { get; } = new(api, crm);

    public bool IsAmocrm => crm == "amocrm";

    /// <summary>Working stages of the main pipeline, in their order.</summary>
    public string[] Stages => IsAmocrm ? ["9102", "9103", "9104", "9105"] : ["NEW", "PREPARATION", "EXECUTING", "FINAL_INVOICE"];

    public string Won => IsAmocrm ? "142" : "WON";
    public string Lost => IsAmocrm ? "143" : "LOSE";

    public async Task<string> MakeAsync(string name, decimal price = 0, string? contact = null) =>
        (await ActAsync(IsAmocrm
            ? new { entity = "deal", create = (object)(contact is null ? new { name, price } : new { name, price, _embedded = new { contacts = new[] { new { id = Number(contact) } } } }) }
            : new { entity = "deal", create = (object)(contact is null ? new { TITLE = name, OPPORTUNITY = price } : new { TITLE = name, OPPORTUNITY = price, CONTACT_ID = contact }) })).GetProperty("id").ToString();

    public Task MoveAsync(string deal, string stage, string? pipeline = null) => SetAsync(deal, IsAmocrm
        ? pipeline is null ? new { status_id = Number(stage) } : new { status_id = Number(stage), pipeline_id = Number(pipeline) }
        : new { STAGE_ID = stage, CATEGORY_ID = pipeline ?? "0" });

    public Task LoseAsync(string deal, int reason = 61) => IsAmocrm ? SetAsync(deal, new { status_id = 143, loss_reason_id = reason }) : MoveAsync(deal, "LOSE");

    public Task PriceAsync(string deal, decimal price) => SetAsync(deal, IsAmocrm ? new { price } : new { OPPORTUNITY = price });

    public Task SetAsync(string deal, object set) => ActAsync(new { entity = "deal", id = Number(deal), set });

    public Task DeleteAsync(string deal) => ActAsync(new { entity = "deal", delete = Number(deal) });

    public Task MergeAsync(string stays, string goes) => ActAsync(new { entity = "deal", merge = new[] { Number(stays), Number(goes) } });

    public Task<JsonElement> ActAsync(object act) => api.CrmAsync($"/_act/{crm}", act);

    public async Task<(TestProject Project, Guid Connection)> ConnectAsync()
    {
        var (project, connection) = await api.ConnectOneAsync(crm);
        await ReadAsync(project, connection);
        return (project, connection);
    }

    /// <summary>The first reading is over, of people and of deals.</summary>
    public Task<JsonElement> ReadAsync(TestProject project, Guid connection) => api.UntilAsync(project, $"/v1/connections/{connection}/import",
        p => p.GetProperty("state").GetString() == "done" && p.GetProperty("deals").GetProperty("state").GetString() == "done");

    /// <summary>The next look at what changed, ten minutes from now, is over, of people and of deals; and what it wanted to see again is read.</summary>
    public async Task PolledAsync(Guid connection)
    {
        await Cards.PolledAsync(connection);
        var before = await api.ScalarAsync<DateTime>("""
            update deal_readings set read_until = read_until - interval '10 minutes', next_at = clock_timestamp() where connection_id = @Id returning clock_timestamp()
            """, new { Id = connection });
        await api.ExecuteAsync("select pg_notify('deliveries', '')");
        await Cards.UntilAsync(() => api.CountAsync("select count(*) from deal_readings where connection_id = @Id and read_until > @Before and pass_began is null", new { Id = connection, Before = before }), 1);
        await SettledAsync(connection);
    }

    /// <summary>The nightly comparison is over, its pauses cut short.</summary>
    public async Task SweptAsync(Guid connection)
    {
        await Cards.UntilAsync(async () =>
        {
            await api.ExecuteAsync("""
                update deal_readings set sweep_at = clock_timestamp(), next_at = clock_timestamp() where connection_id = @Id and coalesce(sweep_at, '-infinity') < clock_timestamp() + interval '1 hour';
                select pg_notify('deliveries', '')
                """, new { Id = connection });
            return await api.CountAsync("select count(*) from deal_readings where connection_id = @Id and sweep_at > clock_timestamp() + interval '1 hour' and sweep_began is null", new { Id = connection });
        }, 1);
        await SettledAsync(connection);
    }

    /// <summary>Everything that a webhook or reading itself spoke of has been read.</summary>
    public async Task SettledAsync(Guid connection)
    {
        await Cards.ReadAsync(connection);
        await Cards.UntilAsync(() => api.CountAsync("select count(*) from crm_events where connection_id = @Id and deals <> '{}'", new { Id = connection }), 0);
        await Cards.UntilAsync(() => api.CountAsync("select count(*) from deals where connection_id = @Id and products_due", new { Id = connection }), 0);
        await Cards.ReadAsync(connection);
    }

    public async Task<Guid> IdAsync(Guid connection, string deal)
    {
        await Cards.UntilAsync(() => api.CountAsync("select count(*) from deals where connection_id = @C and kind = 'deal' and remote_id = @Id", new { C = connection, Id = Number(deal) }), 1);
        return await api.ScalarAsync<Guid>("select id from deals where connection_id = @C and kind = 'deal' and remote_id = @Id", new { C = connection, Id = Number(deal) });
    }

    public async Task<JsonElement> ShowAsync(TestProject project, Guid connection, string deal) => await api.ReadAsync(project, $"/v1/deals/{await IdAsync(connection, deal)}");

    public async Task<JsonElement> UntilAsync(TestProject project, Guid connection, string deal, Func<JsonElement, bool> isRight) =>
        await api.UntilAsync(project, $"/v1/deals/{await IdAsync(connection, deal)}", isRight);

    /// <summary>The stages that a deal went through, as the API shows them.</summary>
    public static string[] Course(JsonElement shown) => [.. shown.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("to").GetProperty("stageId").GetString()!)];

    public static decimal[] Amounts(JsonElement shown) => [.. shown.GetProperty("amounts").EnumerateArray().Select(s => s.GetProperty("amount").GetDecimal())];

    public static string? State(JsonElement shown) => shown.GetProperty("deal").GetProperty("state").GetString();

    public static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
