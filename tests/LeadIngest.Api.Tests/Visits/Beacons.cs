using System.Net.Http.Json;
using System.Text.Json;
using LeadIngest.Api.Tests.Ingest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Visits;

/// <summary>The system's clock, moved on by what a test says: holds end when it says so.</summary>
public sealed class MovedClock : TimeProvider
{
    private long _ticks;

    public void Move(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}

/// <summary>The service with a clock that can be moved; nobody delivers.</summary>
public class VisitFixture : ApiFixture
{
    public MovedClock Clock { get; } = new();

    protected override string[] Args => ["--Delivery:Enabled=false"];

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(Clock);
}

/// <summary>What a tracker does, and the pools it is given numbers from.</summary>
internal static class Beacons
{
    public const string SiteNumber = "+74951234567";

    public static string Visits(this TestProject project) => $"/v1/sites/{project.SiteKey}/visits";

    public static Task<HttpResponseMessage> BeaconAsync(this ApiFixture api, TestProject project, object beacon, params (string Name, string Value)[] headers) =>
        api.Client.SendAsync(project.Visits(), JsonContent.Create(beacon), headers);

    /// <summary>The answer to a beacon that must be taken.</summary>
    public static async Task<Answered> AnsweredAsync(this ApiFixture api, TestProject project, object beacon, params (string Name, string Value)[] headers) =>
        Answered.Of(await (await api.BeaconAsync(project, beacon, headers)).JsonAsync());

    /// <summary>A visit that loads a page and wants numbers.</summary>
    public static Task<Answered> StartAsync(this ApiFixture api, TestProject project, Guid? visitor = null, Guid? visit = null, string happened = "start") => api.AnsweredAsync(project,
        new
        {
            @event = happened,
            visitorId = visitor ?? Guid.CreateVersion7(),
            visitId = visit ?? Guid.CreateVersion7(),
            page = "https://okna-plus.ru/?utm_source=yandex&utm_medium=cpc",
            wantsNumbers = true,
        });

    /// <summary>The site shows a number that is to be replaced by one of a pool: +7 495 000-00-01 and so on, the first the longest free.</summary>
    public static async Task<TestProject> OpenPoolAsync(this ApiFixture api, int numbers, bool overflow = false, int hold = 150, int rest = 30, int lookBack = 1800)
    {
        var project = await api.OpenAsync();
        await api.ExecuteAsync("""
            update sites set replace_numbers = jsonb_build_array(jsonb_build_object('number', @SiteNumber, 'region', '')), number_hold_seconds = @hold, number_rest_seconds = @rest,
                number_look_back_seconds = @lookBack where project_id = @ProjectId;
            insert into tracking_numbers (project_id, id, site_id, number, kind, free_at)
            select @ProjectId, gen_random_uuid(), @SiteId, '+7495' || lpad(n::text, 7, '0'), 'dynamic', clock_timestamp() - interval '1 day' + n * interval '1 second'
            from generate_series(1, @numbers) n;
            """, new { project.ProjectId, project.SiteId, SiteNumber, hold, rest, lookBack, numbers });
        if (overflow)
            await api.ExecuteAsync("""
                insert into tracking_numbers (project_id, id, site_id, number, kind, free_at) values (@ProjectId, gen_random_uuid(), @SiteId, '+74959999999', 'overflow', clock_timestamp())
                """, new { project.ProjectId, project.SiteId });
        return project;
    }

    public static async Task<JsonElement> VisitRowAsync(this ApiFixture api, TestProject project, Guid visit) => JsonSerializer.Deserialize<JsonElement>(
        await api.ScalarAsync<string>("select to_json(v)::text from visits v where project_id = @ProjectId and id = @visit", new { project.ProjectId, visit })
        ?? throw new InvalidOperationException("No such visit is stored."));

    public static string PoolNumber(int n) => $"+7495{n:D7}";
}

/// <summary>What a beacon was answered with.</summary>
internal sealed record Answered(Guid VisitorId, Guid VisitId, IReadOnlyDictionary<string, string> Numbers, int HoldSeconds)
{
    /// <summary>The number shown in the place of the site's; null: none.</summary>
    public string? Number => Numbers.GetValueOrDefault(Beacons.SiteNumber);

    public static Answered Of(JsonElement json)
    {
        Assert.Equal(["visitorId", "visitId", "numbers", "holdSeconds"], json.EnumerateObject().Select(p => p.Name));
        return new(json.GetProperty("visitorId").GetGuid(), json.GetProperty("visitId").GetGuid(),
            json.GetProperty("numbers").EnumerateArray().ToDictionary(n => n.GetProperty("replace").GetString()!, n => n.GetProperty("number").GetString()!), json.GetProperty("holdSeconds").GetInt32());
    }
}
