using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Core.Junk;

namespace LeadIngest.Api.Features.StopList;

/// <summary>Adds one entry or many. Leads that come from now on are judged by them; leads that are there stay as they are.</summary>
/// <remarks>An entry that is there already gets the new verdict and note. One that cannot be read names its place and reason, and nothing is added.</remarks>
internal sealed class AddToStopList : IEndpoint
{
    private const int MostAtOnce = 1_000;

    /// <param name="Kind"><c>phone</c>, <c>email</c>, <c>domain</c> (of e-mail addresses, with all below it), <c>ip</c> (an address or a network),
    /// <c>word</c> (a word or phrase in name or comment, whole words) or <c>visitor</c>.</param>
    /// <param name="Value">In any spelling.</param>
    /// <param name="Verdict"><c>spam</c> (when absent) or <c>test</c>: the project's own phones and addresses.</param>
    /// <param name="Note">Why, for people; at most 500 characters.</param>
    internal sealed record Entry(string Kind, string Value, string? Verdict, string? Note);

    /// <param name="Entries">1 to 1,000.</param>
    internal sealed record Request(Entry[] Entries);

    /// <param name="Items">The entries as they are kept.</param>
    internal sealed record Response(IReadOnlyList<StopListAnswer> Items);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Entries).NotEmpty().Must(e => e is null || e.Length <= MostAtOnce).WithMessage($"1 to {MostAtOnce} entries.");
            RuleForEach(r => r.Entries).NotNull().ChildRules(entry =>
            {
                entry.RuleFor(e => e.Kind).NotNull().OneOf("phone", "email", "domain", "ip", "word", "visitor");
                entry.RuleFor(e => e.Value).NotEmpty().MaximumLength(500);
                entry.RuleFor(e => e.Verdict).OneOf("spam", "test");
                entry.RuleFor(e => e.Note).MaximumLength(500);
            });
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", (Delegate)HandleAsync).Validate(new Validator())
        .Produces<Response>().ProducesProblem(StatusCodes.Status409Conflict)
        .WithExample("""
            {"entries":[{"kind":"phone","value":"+7 916 123-45-67","verdict":"test","note":"Our own"},{"kind":"domain","value":"example.com"},
             {"kind":"ip","value":"192.0.2.0/24"},{"kind":"word","value":"казино онлайн"}]}
            """);

    internal static async Task<IResult> HandleAsync(Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        // A national number is of the country of the project's first site, as its leads are.
        var country = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(Country, new { scope.ProjectId }, cancellationToken: ct)) ?? "RU";
        var errors = new Dictionary<string, string[]>();
        var rows = new Dictionary<(string, string), StopListRow>();
        foreach (var (at, entry) in request.Entries.Index())
        {
            if (StopValue.TryRead(Enum.Parse<StopKind>(entry.Kind, ignoreCase: true), entry.Value, country, out var value, out var why))
                rows[(entry.Kind, value)] = new(entry.Kind, value, entry.Verdict ?? "spam", Core.Identities.Text.Clean(entry.Note, 500));
            else
                errors[$"entries[{at}].value"] = [why];
        }
        if (errors.Count > 0) return Problems.Invalid(errors);

        await using var tx = await connection.BeginTransactionAsync(ct);
        if (await StopListRows.SaveAsync(connection, tx, scope.ProjectId, [.. rows.Values], clock.GetUtcNow(), ct) is not { } saved) return StopListRows.Full;
        await tx.CommitAsync(ct);
        return TypedResults.Ok(new Response(saved));
    }

    private const string Country = "select default_country from sites where project_id = @ProjectId order by id limit 1";
}
