using System.Security.Cryptography;
using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Calls;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Api.Senders;
using LeadIngest.Api.Senders.Forms;
using LeadIngest.Api.Senders.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LeadIngest.Api.Features.Rejects;

/// <summary>Reads a reject again, as it came or as mended by a person, and takes it as the lead it was meant to be. Its time is that of its first arrival.</summary>
internal sealed class ReplayReject : IEndpoint
{
    /// <param name="Body">The mended body; absent: as it came.</param>
    /// <param name="ContentType">Of the mended body; absent: as it came.</param>
    public sealed record Request(string? Body, string? ContentType);

    /// <param name="LeadId">The lead that the reject became; null for a call's message, whose call makes the lead.</param>
    public sealed record Response(Guid? LeadId);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Body).MaximumLength(256 * 1024);
            RuleFor(r => r.ContentType).MaximumLength(300);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/{id:guid}/replay", (Delegate)HandleAsync)
            .WithExample("""
                {"body":"{\"name\":\"Анна\",\"phone\":\"+7 916 123-45-67\"}","contentType":"application/json"}
                """)
            .Produces<Response>().ProducesValidationProblem()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    internal static async Task<IResult> HandleAsync(Guid id, ProjectScope scope, [FromBody] Request? request, Database db, SiteDirectory sites, Intake intake,
        SenderDirectory senders, BuilderIntake builders, Writer writer, CallReplay calls, IngestMetrics metrics, CancellationToken ct)
    {
        if (request is not null && await new Validator().ValidateAsync(request, ct) is { IsValid: false } invalid) return Problems.Invalid(invalid);
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var reject = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition(Find, new { scope.ProjectId, Id = id }, cancellationToken: ct));
        if (reject is null || await sites.FindAsync(reject.SiteKey, ct) is not { } site) return Problems.NotFound("reject");
        if (reject.State == "replayed") return AlreadyReplayed();

        var body = request?.Body is { } mended ? Encoding.UTF8.GetBytes(mended) : reject.Body;
        var contentType = request?.ContentType ?? reject.ContentType;
        if (reject.Route.StartsWith(CallReplay.Route, StringComparison.Ordinal))
            return await calls.ReplayAsync(scope.ProjectId, id, body, contentType, ct) switch
            {
                { Stored: CallStored.Stored } => TypedResults.Ok(new Response(null)),
                { Stored: CallStored.AlreadyReplayed } => AlreadyReplayed(),
                { Stored: CallStored.Unavailable } => Problems.Of(503, "come-again", "Not now", "The reject was not replayed. Try again."),
                var refused => Unreadable(refused.Errors),
            };
        var result = reject.Route.StartsWith("forms/", StringComparison.Ordinal) ? await ReadBuilderAsync(reject, site, contentType, body, senders, builders, ct)
            : reject.Route == "forms" ? FormBody.Read(contentType, body, site, out _) : AcceptLead.Read(contentType, body);
        if (result.Lead is { } posted && !LeadNormalising.HasContact(posted))
            result = ReadResult.NoContact;
        if (result.Lead is not { } lead) return Unreadable(result.Errors!);

        var item = await intake.ItemAsync(lead, site, default, reject.ReceivedAt, new() { Replays = id }, ct);
        switch (await writer.WriteAsync(item, ct))
        {
            case IngestResult.Stored stored:
                metrics.Count("replay", "stored");
                return TypedResults.Ok(new Response(stored.Id));
            case IngestResult.AlreadyReplayed:
                return AlreadyReplayed();
            case IngestResult.Poisoned poisoned:
                return Problems.Invalid("body", $"The database refuses these values (SQLSTATE {poisoned.SqlState}).");
            default:
                return Problems.Of(503, "come-again", "Not now", "The reject was not replayed. Try again.");
        }
    }

    /// <summary>By the same builder and the same map as a webhook, but nothing is to be proved: whoever replays is logged in.</summary>
    private static async Task<ReadResult> ReadBuilderAsync(Row reject, SiteEntry site, string? contentType, byte[] body, SenderDirectory senders, BuilderIntake builders,
        CancellationToken ct)
    {
        if (FormBuilders.Find(reject.Route["forms/".Length..]) is not { } builder) return new(null, new() { ["route"] = ["No builder of this name is known any more."] });
        Sender? sender;
        try
        {
            sender = await senders.FindFormAsync(site.ProjectId, site.SiteId, builder.Name, ct);
        }
        catch (CryptographicException)
        {
            return new(null, new() { ["sender"] = [SenderDirectory.SecretsUnreadable] });
        }
        // With its secrets back in their places they are known for what they are, and get into no lead.
        var secrets = (sender?.Secrets ?? new()) with { Key = null };
        body = SecretBlanks.Restore(body, secrets);
        var query = SecretBlanks.Restore(reject.Query ?? "", secrets);
        var (reading, lead) = builders.Read(builder, new FormRequest
        {
            Site = site,
            Sender = sender,
            Method = HttpMethods.Post,
            ContentType = contentType,
            Headers = new Dictionary<string, string>(),
            Query = query,
            RawBody = body,
            Body = WebhookBody.Read(contentType, body, query),
            FieldMap = FormRequest.MapOf(site, sender),
        });
        return reading switch
        {
            FormReading.Enquiry => new(lead, null),
            FormReading.Unreadable bad => new(null, new() { [bad.Field] = [bad.Error] }),
            _ => new(null, new() { ["body"] = [$"{builder.Title} says that this is no enquiry."] }),
        };
    }

    // What is wrong with its sender no other body mends: then the errors say all.
    private static ProblemHttpResult Unreadable(IReadOnlyDictionary<string, string[]> errors) =>
        Problems.Invalid(errors, errors.ContainsKey("sender") ? null : "It still cannot be read; mend the body and send it as \"body\".");

    private static ProblemHttpResult AlreadyReplayed() => Problems.Conflict("already-replayed", "Already replayed", "This reject has become a lead before.");

    private sealed record Row(string Route, string State, string? ContentType, byte[] Body, DateTimeOffset ReceivedAt, string SiteKey, string? Query);

    private const string Find = $"""
        select r.route, r.state, r.content_type, r.body, r.received_at, s.site_key, r.headers ->> '{Intake.QueryHeader}' as query
        from rejects r join sites s on s.project_id = r.project_id and s.id = r.site_id
        where r.project_id = @ProjectId and r.id = @Id
        """;
}
