using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Senders;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Sets up an outside system that brings leads or calls; the answer holds the address to paste over there.</summary>
/// <remarks>A form builder's address works without a sender too: one is made to give it a secret or a field map of its own. A call provider's address is made here.</remarks>
internal sealed class CreateSender : IEndpoint
{
    /// <param name="Kind"><c>form</c> or <c>call</c>.</param>
    /// <param name="Provider">As in the list of providers, in any case.</param>
    /// <param name="Name">For people; 1 to 200 characters.</param>
    /// <param name="SiteId">The site that its leads belong to; absent: the project's first one.</param>
    /// <param name="Settings">Absent: the defaults.</param>
    /// <param name="Secrets">Written, never shown again.</param>
    internal sealed record Request(string Kind, string Provider, string Name, Guid? SiteId, SenderSettingsRequest? Settings, SenderSecretsRequest? Secrets);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Kind).NotEmpty().OneOf("form", "call");
            RuleFor(r => r.Provider).NotEmpty();
            // A wrong kind is refused for itself.
            RuleFor(r => r.Provider).Must((r, word) => SenderRules.Provider(r.Kind, word) is not null).When(r => !string.IsNullOrEmpty(r.Provider) && r.Kind is "form" or "call")
                .WithMessage(r => $"One of: {SenderRules.Providers(r.Kind)}.");
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Settings!).SetValidator(new SenderSettingsRequest.Validator()).When(r => r.Settings is not null);
            RuleFor(r => r.Secrets!).SetValidator(new SenderSecretsRequest.Validator()).When(r => r.Secrets is not null);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""
            {"kind":"call","provider":"mango","name":"Виртуальная АТС","settings":{"timeZone":"Europe/Moscow","deliverAt":"end"},
             "secrets":{"key":"demoapikey01","secret":"demosalt02"}}
            """);

    internal static async Task<Results<Created<SenderAnswer>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db, CredentialsCipher cipher,
        IOptions<PublicAddress> address, HttpRequest http, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<Guid?>(new CommandDefinition(Site, new { scope.ProjectId, request.SiteId }, cancellationToken: ct)) is not { } site)
            return Problems.Invalid("siteId", "No such site in this project.");
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var provider = SenderRules.Provider(request.Kind, request.Provider)!;
        var token = request.Kind == "call" ? SenderRules.NewToken() : null;
        var secrets = (request.Secrets ?? new(null, null, null)).Over(new() { Token = token });
        try
        {
            var row = await connection.QuerySingleAsync<SenderRow>(new CommandDefinition(Insert, new
            {
                scope.ProjectId,
                Id = id,
                SiteId = site,
                request.Kind,
                Provider = provider,
                Name = request.Name.Trim(),
                TokenHash = token is null ? null : SenderDirectory.Hash(token),
                Credentials = cipher.Encrypt(scope.ProjectId, id, secrets.ToBytes()),
                Settings = JsonSerializer.Serialize((request.Settings ?? new(null, null, null, null)).ToSettings(), JsonSerializerOptions.Web),
            }, cancellationToken: ct));
            return TypedResults.Created($"/v1/senders/{id}", row.Answer(scope.ProjectId, cipher, address.Value, http));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return Problems.Conflict("sender-exists", "Already set up", $"This site has a sender for {provider} already: change that one.");
        }
    }

    private const string Site = "select id from sites where project_id = @ProjectId and (@SiteId::uuid is null or id = @SiteId) order by id limit 1";

    private const string Insert = $"""
        insert into senders as s (project_id, id, site_id, kind, provider, name, token_hash, credentials, settings)
        values (@ProjectId, @Id, @SiteId, @Kind, @Provider, @Name, @TokenHash::bytea, @Credentials, @Settings::jsonb)
        returning {SenderRow.Columns};
        select pg_notify('senders', @ProjectId::text)
        """;
}
