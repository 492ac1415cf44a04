using LeadIngest.Api.Figures;
using Microsoft.Extensions.DependencyInjection;

namespace LeadIngest.Api.Tests.Figures;

/// <summary>Rows that figures are made of.</summary>
public static class Facts
{
    /// <summary>Everything that is marked is computed when this is over.</summary>
    public static Task CatchUpAsync(this ApiFixture api, TestProject project) =>
        api.App.Services.GetRequiredService<FigureKeeper>().CatchUpAsync(project.ProjectId, CancellationToken.None);

    /// <summary>A lead with this passport; its moment is <paramref name="at"/>.</summary>
    public static async Task<Guid> TouchAsync(this ApiFixture api, TestProject project, Guid? client, DateTimeOffset at, string channel = "paid_search", string? source = "Яндекс.Директ", string? medium = "cpc",
        string? campaign = null, string? content = null, string? keyword = null, string status = "new", string passport = "{}", Guid? site = null, string kind = "form")
    {
        var id = Guid.CreateVersion7(at);
        await api.ExecuteAsync("""
            insert into leads (project_id, id, site_id, client_id, kind, status, received_at, channel, source, medium, campaign, content, keyword, passport, details)
            values (@P, @Id, @Site, @Client, @Kind, @Status, @At, @Channel, @Source, @Medium, @Campaign, @Content, @Keyword, @Passport::jsonb, '{}')
            """, new
        {
            P = project.ProjectId,
            Id = id,
            Kind = kind,
            Site = site ?? project.SiteId,
            Client = client,
            Status = status,
            At = at,
            Channel = channel,
            Source = source,
            Medium = medium,
            Campaign = campaign,
            Content = content,
            Keyword = keyword,
            Passport = passport
        });
        return id;
    }

    public static async Task<Guid> VisitAsync(this ApiFixture api, TestProject project, Guid visitor, DateTimeOffset at, string channel = "organic_search", string? source = "Яндекс", string? medium = "organic",
        string? campaign = null, string? keyword = null, bool bot = false, string passport = "{}", string? agent = null)
    {
        var id = Guid.CreateVersion7(at);
        await api.ExecuteAsync("""
            insert into visits (project_id, id, site_id, visitor_id, started_at, last_seen_at, channel, source, medium, campaign, keyword, passport, is_bot, user_agent)
            values (@P, @Id, @SiteId, @Visitor, @At, @At, @Channel, @Source, @Medium, @Campaign, @Keyword, @Passport::jsonb, @Bot, @Agent)
            """, new
        {
            P = project.ProjectId,
            Id = id,
            project.SiteId,
            Visitor = visitor,
            At = at,
            Channel = channel,
            Source = source,
            Medium = medium,
            Campaign = campaign,
            Keyword = keyword,
            Passport = passport,
            Bot = bot,
            Agent = agent
        });
        return id;
    }

    /// <summary>A dictionary of stages: 1 and 2 open, 142 won, 143 lost.</summary>
    public static Task<int> StagesAsync(this ApiFixture api, TestProject project, Guid connection) => api.ExecuteAsync("""
        insert into crm_pipelines (project_id, connection_id, kind, id, name, sort) values (@P, @C, 'deal', '9100', 'Продажи', 1);
        insert into crm_stages (project_id, connection_id, kind, pipeline_id, id, name, sort, state)
        select @P, @C, 'deal', '9100', id, id, sort, state from unnest(array['1', '2', '142', '143'], array[1, 2, 3, 4], array['open', 'open', 'won', 'lost']) s (id, sort, state)
        """, new { P = project.ProjectId, C = connection });

    /// <summary>The deal comes to a stage, and stands there.</summary>
    public static Task<int> MoveAsync(this ApiFixture api, TestProject project, Guid deal, string stage, string state, DateTimeOffset at) => api.ExecuteAsync("""
        insert into stage_changes (project_id, deal_id, n, at, from_stage_id, pipeline_id, stage_id, origin)
        select @P, @D, (select max(n) + 1 from stage_changes where project_id = @P and deal_id = @D), @At, stage_id, '9100', @Stage, 'history' from deals where project_id = @P and id = @D;
        update deals set pipeline_id = '9100', stage_id = @Stage, state = @State, moved_at = @At where project_id = @P and id = @D
        """, new { P = project.ProjectId, D = deal, Stage = stage, State = state, At = at });
}
