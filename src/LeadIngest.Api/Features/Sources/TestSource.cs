using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Features.Leads;
using LeadIngest.Api.Http;
using LeadIngest.Api.Ingest;
using LeadIngest.Core.Passports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Sources;

/// <summary>Shows the passport that a page would get, with its evidence. Nothing is kept.</summary>
internal sealed class TestSource : IEndpoint
{
    /// <param name="Page">The address of the page with its tags; at most 20,000 characters.</param>
    /// <param name="Referrer">Where the visitor came from.</param>
    /// <param name="Fields">Posted fields: <c>utm_source</c>, <c>yclid</c>, …; at most 100.</param>
    /// <param name="SiteId">Whose own hosts are no sources; absent: those of all sites of the project.</param>
    /// <param name="Entries">Lines to be tried on top of the dictionary; at most 200.</param>
    internal sealed record Request(string? Page, string? Referrer, Dictionary<string, string>? Fields, Guid? SiteId, SourceLine[]? Entries);

    /// <param name="Passport">What a visit or a lead with this page gets.</param>
    /// <param name="Before">The same without the lines to be tried; null without any.</param>
    internal sealed record Response(PassportAnswer Passport, PassportAnswer? Before);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Page).MaximumLength(20_000).Must((r, page) => !string.IsNullOrWhiteSpace(page) || !string.IsNullOrWhiteSpace(r.Referrer) || r.Fields?.Count > 0)
                .WithMessage("A page, a referrer or fields.");
            RuleFor(r => r.Referrer).MaximumLength(20_000);
            RuleFor(r => r.Fields).Must(f => f is null || (f.Count <= 100 && f.All(p => p.Value is null || p.Value.Length <= 20_000))).WithMessage("At most 100 fields of 20,000 characters.");
            RuleFor(r => r.Entries).Must(e => e is null || e.Length <= 200).WithMessage("At most 200 lines.");
            RuleForEach(r => r.Entries).NotNull().SetValidator(new SourceLine.Validator());
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/test", HandleAsync).Validate(new Validator())
        .WithExample("""{"page":"https://okna-plus.ru/?utm_source=blogger&utm_medium=post","referrer":"https://t.me/","entries":[{"source":"blogger","name":"Блогеры","channel":"organic_social"}]}""");

    internal static async Task<Ok<Response>> HandleAsync(Request request, ProjectScope scope, Database db, SourceDictionaries dictionaries, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var dictionary = await dictionaries.ReadAsync(connection, scope.ProjectId, ct);
        var origins = await connection.QueryAsync<string>(new CommandDefinition(
            "select unnest(allowed_origins) from sites where project_id = @ProjectId and (@SiteId::uuid is null or id = @SiteId)", new { scope.ProjectId, request.SiteId }, cancellationToken: ct));
        var input = new PassportInput
        {
            Page = request.Page,
            Referrer = request.Referrer,
            Fields = [.. request.Fields ?? []],
            OwnHosts = SiteDirectory.HostsOf([.. origins]),
        };
        var before = PassportRules.Write(input, SourceCatalog.Default, dictionary);
        if (request.Entries is not { Length: > 0 } entries) return TypedResults.Ok(new Response(PassportAnswer.Of(before), null));
        var after = PassportRules.Write(input, SourceCatalog.Default, dictionary.With(entries.Select(e => e.ToEntry())));
        return TypedResults.Ok(new Response(PassportAnswer.Of(after), PassportAnswer.Of(before)));
    }
}
