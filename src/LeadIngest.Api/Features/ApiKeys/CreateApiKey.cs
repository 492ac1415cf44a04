using System.Buffers.Text;
using System.Security.Cryptography;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.ApiKeys;

/// <summary>Makes an API key. The key is in this answer only: it is stored as a hash and cannot be shown again.</summary>
internal sealed class CreateApiKey : IEndpoint
{
    private const int PrefixLength = 11;

    /// <param name="Name">What it is for; 1 to 200 characters.</param>
    /// <param name="ExpiresAt">From then on it does not work; absent: never expires.</param>
    internal sealed record Request(string Name, DateTimeOffset? ExpiresAt);

    /// <param name="Key">Send it as <c>Authorization: Bearer li_…</c>. Keep it: it is shown once.</param>
    internal sealed record Response(string Key, ApiKeyAnswer ApiKey);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .WithExample("""{"name":"Выгрузка в отчёт агентства","expiresAt":"2099-12-31T23:59:59+03:00"}""");

    internal static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db, ApiKeyCache cache,
        TimeProvider clock, CancellationToken ct)
    {
        if (request.ExpiresAt <= clock.GetUtcNow()) return Problems.Invalid("expiresAt", "Must be in the future.");
        var key = "li_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleAsync<ApiKeyAnswer>(new CommandDefinition(Insert, new
        {
            scope.ProjectId,
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Name = request.Name.Trim(),
            Prefix = key[..PrefixLength],
            Hash = ApiKeyCache.Hash(key),
            request.ExpiresAt,
        }, cancellationToken: ct));
        cache.Clear();
        return TypedResults.Created($"/v1/api-keys/{row.Id}", new Response(key, row));
    }

    private const string Insert = $"""
        insert into api_keys (project_id, id, name, prefix, key_hash, expires_at) values (@ProjectId, @Id, @Name, @Prefix, @Hash, @ExpiresAt)
        returning {ApiKeyAnswer.Columns}
        """;
}
