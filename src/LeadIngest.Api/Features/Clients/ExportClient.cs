using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dapper;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Rejects;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using LeadIngest.Api.Http.Masks;
using LeadIngest.Api.Privacy;
using Npgsql;

namespace LeadIngest.Api.Features.Clients;

/// <summary>Everything that is held of one person and of all clients merged with it, as one JSON file: what a person may ask for (152-FZ, article 14).</summary>
/// <remarks>At most 100,000 rows of each kind; <c>isPartial</c> names the kinds that have more.</remarks>
internal sealed class ExportClient : IEndpoint
{
    private const int Most = 100_000;
    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapGet("/{id:guid}/export", HandleAsync).ForThoseWhoSeeContacts().Needs(Right.Export)
        .Produces<object>(StatusCodes.Status200OK, "application/json").ProducesProblem(StatusCodes.Status404NotFound);

    internal static async Task<IResult> HandleAsync(Guid id, ProjectScope scope, Database db, TimeProvider clock, HttpContext context, CancellationToken ct)
    {
        var connection = await db.Reading.OpenConnectionAsync(ct);
        context.Response.RegisterForDisposeAsync(connection);
        var clients = (await connection.QueryAsync<Guid>(new CommandDefinition($"select f.id from unnest(array{ClientFamily.Ids}) f (id)", new { scope.ProjectId, ClientId = id }, cancellationToken: ct))).ToArray();
        if (clients.Length == 0) return Problems.NotFound("client");
        // Nobody is named by a file's name, which is seen in folders and histories.
        return TypedResults.Stream(stream => WriteAsync(stream, connection, scope.ProjectId, clients, clock.GetUtcNow(), ct), "application/json", $"client-{id:N}.json");
    }

    private static async Task WriteAsync(Stream stream, NpgsqlConnection connection, Guid project, Guid[] clients, DateTimeOffset now, CancellationToken ct)
    {
        var person = new { ProjectId = project, Clients = clients };
        var known = (await connection.QueryAsync<(string Kind, string Value)>(new CommandDefinition(ErasureSql.Known, person, commandTimeout: Seconds, cancellationToken: ct))).ToLookup(k => k.Kind, k => k.Value);
        string[] Of(string kind) => [.. known[kind].Distinct(StringComparer.Ordinal)];
        var hasAudit = await connection.ExecuteScalarAsync<bool>(new CommandDefinition("select to_regclass('public.audit') is not null", cancellationToken: ct));
        var args = new DynamicParameters(new
        {
            ProjectId = project,
            Clients = clients,
            Phones = Of("phone"),
            Emails = Of("email"),
            Messengers = Of("messenger"),
            Visitors = Of("visitor").Where(v => Guid.TryParse(v, out _)).ToArray(),
            Rows = Most + 1,
        });
        args.Add("Leads", (await connection.QueryAsync<Guid>(new CommandDefinition(ErasureSql.Leads, args, commandTimeout: Seconds, cancellationToken: ct))).ToArray());
        args.Add("Calls", (await connection.QueryAsync<Guid>(new CommandDefinition(ErasureSql.Calls, args, commandTimeout: Seconds, cancellationToken: ct))).ToArray());
        var patterns = new PersonPatterns(Of("phone").Concat(Of("phone_typed")), Of("email").Concat(Of("email_typed")), Of("messenger"), Of("name"));

        var json = new Utf8JsonWriter(stream, Json);
        await using (json.ConfigureAwait(false))
        {
            var partial = new List<string>();
            json.WriteStartObject();
            json.WriteString("exportedAt", now);
            json.WriteStartArray("clientIds");
            foreach (var client in clients) json.WriteStringValue(client);
            json.WriteEndArray();
            foreach (var (kind, sql) in Sections)
            {
                if (kind == "audit" && !hasAudit) continue;
                json.WriteStartArray(kind);
                var rows = 0;
                await foreach (var (row, body) in ReadAsync(connection, sql, args, ct))
                {
                    if (++rows > Most) break;
                    Write(json, row, body);
                    if (json.BytesPending > 64 * 1024) await json.FlushAsync(ct);
                }
                if (rows > Most) partial.Add(kind);
                json.WriteEndArray();
            }
            json.WriteStartArray("rejects");
            await foreach (var (row, body) in RejectsAsync(connection, project, patterns, ct))
            {
                Write(json, row, body);
                if (json.BytesPending > 64 * 1024) await json.FlushAsync(ct);
            }
            json.WriteEndArray();
            json.WriteStartArray("isPartial");
            foreach (var kind in partial) json.WriteStringValue(kind);
            json.WriteEndArray();
            json.WriteEndObject();
            await json.FlushAsync(ct);
        }
    }

    private const int Seconds = 120;

    private static async IAsyncEnumerable<(string Row, byte[]? Body)> ReadAsync(NpgsqlConnection connection, string sql, DynamicParameters args, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var reader = await connection.ExecuteReaderAsync(new CommandDefinition($"select to_jsonb(t) - 'body', {(sql.Contains("body", StringComparison.Ordinal) ? "t.body" : "null::bytea")} from ({sql} limit @Rows) t", args, commandTimeout: Seconds, cancellationToken: ct));
        while (await reader.ReadAsync(ct)) yield return (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1));
    }

    /// <summary>What could not be understood belongs to nobody by a column: it is searched.</summary>
    private static async IAsyncEnumerable<(string Row, byte[] Body)> RejectsAsync(NpgsqlConnection connection, Guid project, PersonPatterns patterns, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = Guid.Empty; ;)
        {
            var some = (await connection.QueryAsync<(Guid Id, string Texts, byte[] Body, string Row)>(new CommandDefinition(Rejects, new { ProjectId = project, After = after }, commandTimeout: Seconds, cancellationToken: ct))).AsList();
            if (some.Count == 0) yield break;
            after = some[^1].Id;
            foreach (var reject in some)
                if (patterns.Hits(reject.Texts) || patterns.Hits(reject.Body)) yield return (reject.Row, reject.Body);
        }
    }

    private static void Write(Utf8JsonWriter json, string row, byte[]? body)
    {
        using var document = JsonDocument.Parse(row);
        json.WriteStartObject();
        foreach (var column in document.RootElement.EnumerateObject())
        {
            if (column.Name == "project_id") continue;
            json.WritePropertyName(Camel(column.Name));
            column.Value.WriteTo(json);
        }
        if (body is { Length: > 0 })
        {
            var read = RejectBody.Of(body);
            if (read.Text is { } text) json.WriteString("body", text);
            else json.WriteString("bodyBase64", read.Base64);
        }
        json.WriteEndObject();
    }

    /// <summary>"received_at" → "receivedAt".</summary>
    private static string Camel(string column)
    {
        var words = column.Split('_');
        return new StringBuilder(words[0]).AppendJoin("", words.Skip(1).Select(w => char.ToUpperInvariant(w[0]) + w[1..])).ToString();
    }

    private const string Rejects = """
        select id, concat_ws(' ', errors::text, headers::text, content_type) as texts, body, (to_jsonb(r) - 'body' - 'body_sha256')::text as row
        from rejects r where project_id = @ProjectId and id > @After order by id limit 50
        """;

    private static readonly (string Kind, string Sql)[] Sections =
    [
        ("clients", "select * from clients where project_id = @ProjectId and id = any(@Clients) order by id"),
        ("identities", "select * from identities where project_id = @ProjectId and client_id = any(@Clients) order by created_at, kind, value"),
        ("merges", "select * from client_merges where project_id = @ProjectId and (kept_id = any(@Clients) or merged_id = any(@Clients)) order by id"),
        ("mergeSuggestions", "select * from merge_suggestions where project_id = @ProjectId and (client_a = any(@Clients) or client_b = any(@Clients)) order by id"),
        // Details hold the fields as they were sent, the consent with its text and version, and the address that it came from.
        ("leads", "select * from leads where project_id = @ProjectId and id = any(@Leads) order by id"),
        ("visits", "select * from visits where project_id = @ProjectId and visitor_id = any(@Visitors::uuid[]) order by id"),
        ("calls", "select * from calls where project_id = @ProjectId and id = any(@Calls) order by id"),
        ("callEvents", "select call_id, received_at, event, content_type, query, body from call_events where project_id = @ProjectId and call_id = any(@Calls) order by call_id, received_at"),
        ("deliveries", "select * from deliveries where project_id = @ProjectId and lead_id = any(@Leads) order by id"),
        ("attempts", "select * from delivery_attempts where project_id = @ProjectId and delivery_id = any(array(select id from deliveries where project_id = @ProjectId and lead_id = any(@Leads))) order by id"),
        ("deals", "select * from deals where project_id = @ProjectId and (client_id = any(@Clients) or lead_id = any(@Leads)) order by id"),
        ("stages", "select * from stage_changes where project_id = @ProjectId and deal_id in (select id from deals where project_id = @ProjectId and (client_id = any(@Clients) or lead_id = any(@Leads))) order by deal_id, n"),
        ("products", "select * from deal_products where project_id = @ProjectId and deal_id in (select id from deals where project_id = @ProjectId and (client_id = any(@Clients) or lead_id = any(@Leads))) order by deal_id, n"),
        ("touches", """
            select t.* from identities i join crm_touches t on t.project_id = i.project_id and t.owner_kind = 'contact' and i.value = t.connection_id || '/' || t.owner_id
            where i.project_id = @ProjectId and i.kind = 'crm_contact' and i.client_id = any(@Clients) order by t.at
            """),
        ("numbersShown", "select * from number_holds where project_id = @ProjectId and visitor_id = any(@Visitors::uuid[]) order by id"),
        ("stopList", """
            select * from stop_list where project_id = @ProjectId and ((kind = 'phone' and value = any(@Phones)) or (kind = 'email' and value = any(@Emails)) or (kind = 'visitor' and value = any(@Visitors)))
            order by id
            """),
        // Who looked, and what was done. Its columns are the audit log's own affair.
        ("audit", "select * from audit a where a.project_id = @ProjectId and to_jsonb(a) ->> 'entity_id' = any(array(select x::text from unnest(@Clients || @Leads || @Calls) x))"),
    ];
}
