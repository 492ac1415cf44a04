using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Features.Senders;

/// <summary>Changes a sender's name, settings or secrets, or switches it off and on; what is absent stays. Takes effect on every node within seconds.</summary>
internal sealed class UpdateSender : IEndpoint
{
    /// <param name="Settings">All of them: what is absent inside goes back to its default.</param>
    /// <param name="Secrets">Only those named: an empty text removes one.</param>
    /// <param name="IsActive">False: the address of a call sender stops working; a form sender's secret and map do not count any more.</param>
    internal sealed record Request(string? Name, SenderSettingsRequest? Settings, SenderSecretsRequest? Secrets, bool? IsActive);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.Settings!).SetValidator(new SenderSettingsRequest.Validator()).When(r => r.Settings is not null);
            RuleFor(r => r.Secrets!).SetValidator(new SenderSecretsRequest.Validator()).When(r => r.Secrets is not null);
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator()).NeedsConfirmationFor<Request>(r => r.Secrets is not null)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"name":"Тильда, главная","settings":{"fieldMap":{"Ваш_вопрос":"comment"}},"secrets":{"secret":"long-random-word"}}""");

    internal static async Task<Results<Ok<SenderAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, CredentialsCipher cipher,
        IOptions<PublicAddress> address, HttpRequest http, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await using var tx = await connection.BeginTransactionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<SenderRow>(
            new CommandDefinition(SenderRow.One + " for update", new { scope.ProjectId, Id = id }, tx, cancellationToken: ct));
        if (row is null) return Problems.NotFound("sender");
        var secrets = request.Secrets?.Over(row.Secrets(scope.ProjectId, cipher) ?? new());
        var changed = await connection.QuerySingleAsync<SenderRow>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            Name = request.Name?.Trim(),
            Settings = request.Settings is null ? null : JsonSerializer.Serialize(request.Settings.ToSettings(), JsonSerializerOptions.Web),
            Credentials = secrets is null ? null : cipher.Encrypt(scope.ProjectId, id, secrets.ToBytes()),
            request.IsActive,
        }, tx, cancellationToken: ct));
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed.Answer(scope.ProjectId, cipher, address.Value, http));
    }

    private const string Update = $"""
        update senders s set name = coalesce(@Name, name), settings = coalesce(@Settings::jsonb, settings), credentials = coalesce(@Credentials::bytea, credentials),
            is_active = coalesce(@IsActive, is_active)
        where s.project_id = @ProjectId and s.id = @Id
        returning {SenderRow.Columns};
        select pg_notify('senders', @ProjectId::text)
        """;
}
