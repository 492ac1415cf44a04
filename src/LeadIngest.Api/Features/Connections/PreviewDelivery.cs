using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Delivery;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using LeadIngest.Crm;
using LeadIngest.Crm.Preview;
using LeadIngest.Crm.Routing;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Connections;

/// <summary>Shows what a lead would cause in the CRM: its passport, the rule that matches and why, and the very requests. Nothing is stored and nothing is changed.</summary>
/// <remarks>
/// The body is a lead as it is posted to <c>/v1/sites/{siteKey}/leads</c>, or <c>{"leadId":"…"}</c> for one that is stored. With <c>settings</c> beside it these are
/// tried instead of the saved ones, and not saved; what is wrong with them is told as when they are saved. Of the CRM only reads are made, such as of its fields;
/// they count in its limits. Where users take turns, the first stands for whoever is next.
/// </remarks>
internal sealed class PreviewDelivery : IEndpoint
{
    /// <param name="LeadId">A stored lead, instead of all else.</param>
    /// <param name="Settings">All of them, as in a change of the connection; null: the saved ones.</param>
    /// <param name="Name">This and all below as in a posted lead, which may have more fields.</param>
    internal sealed record Request(Guid? LeadId, ConnectionSettings? Settings, string? Name, string? Phone, string? Email, string? Comment, string? Page, string? Referrer, string? FormId, string? FormName);

    /// <param name="Status"><c>new</c>, <c>repeat</c> or <c>duplicate</c>: what the lead is, or would be if it came now.</param>
    /// <param name="Kind"><c>deal</c>, or <c>note</c> in the card of an earlier one.</param>
    /// <param name="Passport">Where it came from.</param>
    /// <param name="Rule">The rule that matched; null: none did.</param>
    /// <param name="Rules">The rules that were looked at, in order, and why each did or did not match.</param>
    /// <param name="Decision">What the rules decided, templates filled in.</param>
    /// <param name="Requests">What would go to the CRM, in order; ids of what is not made yet are 1, 2, 3…</param>
    /// <param name="Outcome"><c>Delivered</c>, or why the lead would not arrive.</param>
    /// <param name="Warnings">What would be left out.</param>
    internal sealed record Response(string Status, string Kind, JsonElement Passport, string? Rule, IReadOnlyList<RuleTrace> Rules, RoutingDecision Decision,
        IReadOnlyList<PlannedRequest> Requests, string Outcome, IReadOnlyList<string> Warnings);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/{id:guid}/preview", (Delegate)HandleAsync)
        .Accepts<Request>("application/json").Produces<Response>().ProducesValidationProblem()
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""
            {"name":"Иван","phone":"+7 916 123-45-67","page":"https://oknaplus.example/?utm_source=yandex&utm_medium=cpc&utm_campaign=okna","formName":"Замер",
             "settings":{"routing":{"rules":[{"name":"Директ","when":{"sources":["Яндекс.Директ"]},"then":{"title":"{form}: {name}","tags":["{campaign}"]}}]}}}
            """);

    internal static async Task<IResult> HandleAsync(Guid id, Guid? siteId, HttpContext context, ProjectScope scope, Database db, PreviewedLeads leads, CrmAccountPool accounts,
        CrmAccountFactory factory, IOptions<JsonOptions> json, CancellationToken ct)
    {
        await using var session = await db.Reading.OpenConnectionAsync(ct);
        var connection = await session.QuerySingleOrDefaultAsync<Delivery.ConnectionRow>(new CommandDefinition(One, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (connection is null) return Problems.NotFound("connection");

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, ct);
        var tried = TriedSettings.Read(body.ToArray(), connection.Crm, json.Value.SerializerOptions);
        if (tried.Problem is not null) return tried.Problem;
        if (tried.Settings is { } settings) connection = connection with { Settings = Stored(settings, connection.Settings) };
        var read = await LeadAsync(session, connection, siteId, context.Request.ContentType, tried.Lead, leads, ct);
        if (read.Problem is { } problem) return problem;
        try
        {
            var (account, tokens) = accounts.Access(connection);
            var preview = await factory.PreviewAsync(read.Lead!, account, tokens, ct);
            return TypedResults.Ok(new Response(read.Status!, read.Lead!.Kind == OutgoingKind.Note ? "note" : "deal", PassportOf(read.Lead.Passport), preview.Decision.Rule,
                preview.Decision.Trace, preview.Decision, preview.Requests, preview.Outcome, preview.Warnings));
        }
        catch (Exception e) when (e is InvalidCredentialsException or ArgumentException)
        {
            return Problems.Conflict("credentials-unreadable", "The credentials cannot be read", "Enter them anew.");
        }
    }

    private static async Task<(OutgoingLead? Lead, string? Status, IResult? Problem)> LeadAsync(Npgsql.NpgsqlConnection session, Delivery.ConnectionRow connection, Guid? siteId,
        string? contentType, byte[] body, PreviewedLeads leads, CancellationToken ct)
    {
        if (StoredId(body) is { } stored)
            return await PreviewedLeads.StoredAsync(session, connection, stored, ct) is var (lead, status) ? (lead, status, null) : (null, null, Problems.NotFound("delivery of this lead by this connection"));
        var read = AcceptLead.Read(contentType, body);
        if (read.Lead is { } posted && !LeadNormalising.HasContact(posted)) read = ReadResult.NoContact;
        if (read.Lead is null) return (null, null, Problems.Invalid(read.Errors ?? []));
        var key = await session.ExecuteScalarAsync<string?>(new CommandDefinition(SiteKey, new { connection.ProjectId, SiteId = siteId }, cancellationToken: ct));
        return key is null ? (null, null, Problems.Invalid("siteId", "No such site."))
            : await leads.PostedAsync(session, connection, key, read.Lead, ct) is var (made, would) ? (made, would, null) : (null, null, Problems.Invalid("siteId", "No such site."));
    }

    /// <summary>The tried settings as they would be stored, with the saved plan: a plan that is only tried must not get requests of its own past the account's limit.</summary>
    private static string Stored(ConnectionSettings tried, string saved)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(JsonSerializer.Serialize(tried, JsonSerializerOptions.Web))!;
        json["plan"] = System.Text.Json.Nodes.JsonNode.Parse(saved)?["plan"]?.DeepClone() ?? new ConnectionSettings().Plan;
        return json.ToJsonString();
    }

    private static Guid? StoredId(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("leadId", out var id) && id.TryGetGuid(out var found) ? found : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Said by the reader of leads, with the place of the fault.
            return null;
        }
    }

    private static JsonElement PassportOf(Passport passport)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(LeadNormalising.PassportJson(passport))!;
        foreach (var (name, value) in new[]
        {
            ("channel", RoutingRules.ChannelWord(passport.Channel)), ("source", passport.Source), ("medium", passport.Medium), ("campaign", passport.Campaign),
            ("content", passport.Content), ("keyword", passport.Keyword),
        }) json[name] = value;
        return JsonSerializer.SerializeToElement(json);
    }

    private const string One = """
        select project_id, id, crm, credentials, settings::text as settings, state = 'active' as active, false as probing, clock_timestamp() as read_at from connections where project_id = @ProjectId and id = @Id
        """;

    private const string SiteKey = """
        select site_key from sites where project_id = @ProjectId and (@SiteId::uuid is null or id = @SiteId) order by id limit 1
        """;
}
