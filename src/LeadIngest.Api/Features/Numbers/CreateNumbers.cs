using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Api.Numbers;
using LeadIngest.Core.Identities;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>Adds tracking numbers to a site: one, or a whole list pasted as it came from the operator. Good lines are added, and each bad one is named with its reason.</summary>
internal sealed class CreateNumbers : IEndpoint
{
    private const int MostNumbers = 1_000;

    /// <param name="SiteId">Where they are shown; absent: the project's oldest site.</param>
    /// <param name="Number">One number in any spelling. Either this, <paramref name="Numbers"/> or <paramref name="Text"/>.</param>
    /// <param name="Numbers">Several, 1,000 at most.</param>
    /// <param name="Text">Several, pasted: one a line (commas and semicolons part them too); empty lines are passed over.</param>
    /// <param name="Kind"><c>dynamic</c> (when absent), <c>static</c> or <c>overflow</c>.</param>
    /// <param name="Region">They replace the site's numbers of this region; empty when absent.</param>
    /// <param name="Name">For people.</param>
    /// <param name="Channel">Of a static number: one of the passport's channels; <c>offline</c> when absent.</param>
    /// <param name="Source">Of a static number: the source's name; the number's name when absent.</param>
    internal sealed record Request(Guid? SiteId, string? Number, string[]? Numbers, string? Text, string? Kind, string? Region, string? Name, string? Channel, string? Source,
        string? Medium, string? Campaign, string? Content, string? Keyword);

    /// <param name="Items">What was added.</param>
    /// <param name="Known">Lines whose number the site has already with the same kind: nothing to do.</param>
    /// <param name="Errors">Lines that could not be added.</param>
    internal sealed record Response(IReadOnlyList<NumberAnswer> Items, IReadOnlyList<int> Known, IReadOnlyList<LineError> Errors);

    /// <param name="Line">From 1.</param>
    /// <param name="Text">The line.</param>
    /// <param name="Error">What is wrong with it.</param>
    internal sealed record LineError(int Line, string Text, string Error);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Numbers).Must(n => n is null || n.Length <= MostNumbers).WithMessage($"{MostNumbers} numbers at most.");
            RuleFor(r => r.Text).Must(t => t is null || Split(t).Count() <= MostNumbers).WithMessage($"{MostNumbers} numbers at most.");
            RuleFor(r => r.Number).Must((r, _) => new object?[] { r.Number, r.Numbers, r.Text }.Count(x => x is not null) == 1)
                .WithMessage("Give one of number, numbers, text.");
            RuleFor(r => r.Kind).OneOf(NumberRules.Kinds);
            NumberRules.Region(RuleFor(r => r.Region));
            NumberRules.Channel(RuleFor(r => r.Channel));
            foreach (var text in (System.Linq.Expressions.Expression<Func<Request, string?>>[])[r => r.Name, r => r.Source, r => r.Medium, r => r.Campaign, r => r.Content, r => r.Keyword])
                NumberRules.Text(RuleFor(text));
            RuleFor(r => r.Channel).Must((r, _) => r.Kind == "static" || (r.Channel ?? r.Source ?? r.Medium ?? r.Campaign ?? r.Content ?? r.Keyword) is null)
                .WithMessage("Only a static number has a source of its own.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/", HandleAsync).Validate(new Validator())
        .WithExample("""{"text":"+7 495 000-00-01\n8 (495) 000-00-02","kind":"dynamic","region":"","name":"Пул сайта"}""");

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db, TimeProvider clock, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var site = await connection.QuerySingleOrDefaultAsync<(Guid Id, string Country)?>(new CommandDefinition(Site, new { scope.ProjectId, request.SiteId }, cancellationToken: ct));
        if (site is not { } found) return Problems.Invalid("siteId", "No such site.");

        var lines = request.Number is { } one ? [(1, one)] : request.Numbers is { } many ? many.Select((n, i) => (i + 1, n ?? "")) : Split(request.Text!);
        var (wanted, errors, seen) = (new List<(int Line, string Text, string Number)>(), new List<LineError>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var (line, text) in lines)
        {
            if (!Phone.TryParse(text, found.Country, out var phone)) errors.Add(new(line, Shown(text), "Not a phone number."));
            else if (!seen.Add(phone.E164)) errors.Add(new(line, Shown(text), "Is given twice."));
            else wanted.Add((line, Shown(text), phone.E164));
        }
        var now = clock.GetUtcNow();
        var (kind, region) = (request.Kind ?? "dynamic", NumberRules.CleanRegion(request.Region) ?? "");
        var rows = (await connection.QueryAsync<NumberRow>(new CommandDefinition(Insert, new
        {
            scope.ProjectId,
            // In the list's order, also in lists that are sorted by id.
            Ids = wanted.Select((_, i) => Guid.CreateVersion7(now.AddMilliseconds(i - wanted.Count))).ToArray(),
            Numbers = wanted.Select(w => w.Number).ToArray(),
            SiteId = found.Id,
            Kind = kind,
            Region = region,
            Name = NumberRules.Clean(request.Name),
            Passport = new StaticPassport(request.Channel, NumberRules.Clean(request.Source), NumberRules.Clean(request.Medium), NumberRules.Clean(request.Campaign),
                NumberRules.Clean(request.Content), NumberRules.Clean(request.Keyword)).ToJson(),
            Now = now.UtcDateTime,
        }, cancellationToken: ct))).ToDictionary(r => r.Number);
        var missing = wanted.Where(w => !rows.ContainsKey(w.Number)).ToList();
        var known = new List<int>();
        if (missing.Count > 0)
        {
            var same = (await connection.QueryAsync<string>(new CommandDefinition(Same,
                new { scope.ProjectId, SiteId = found.Id, Kind = kind, Region = region, Numbers = missing.Select(m => m.Number).ToArray() }, cancellationToken: ct))).ToHashSet();
            foreach (var (line, text, number) in missing)
                if (same.Contains(number)) known.Add(line);
                else errors.Add(new(line, text, "The project has this number already, on another site, in another region or as another kind."));
        }
        if (rows.Count == 0 && known.Count == 0)
            return Problems.Invalid(errors.Count == 0
                ? new Dictionary<string, string[]> { [request.Text is null ? "numbers" : "text"] = ["Holds no number."] }
                : errors.OrderBy(e => e.Line).Take(20).GroupBy(e => request.Number is not null ? "number" : $"{(request.Text is null ? "numbers" : "text")}[{e.Line - 1}]")
                    .ToDictionary(e => e.Key, e => e.Select(x => $"{x.Error} ({x.Text})").ToArray()));
        return TypedResults.Ok(new Response([.. wanted.Where(w => rows.ContainsKey(w.Number)).Select(w => rows[w.Number].Answer())], known, [.. errors.OrderBy(e => e.Line)]));
    }

    private static IEnumerable<(int Line, string Text)> Split(string text) => text.Split('\n').SelectMany((line, at) =>
        line.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => (at + 1, part)));

    private static string Shown(string text) => Text.CleanLine(text, 50) ?? "";

    private const string Site = """
        select id, default_country from sites where project_id = @ProjectId and (@SiteId::uuid is null or id = @SiteId) order by id limit 1
        """;

    // A number that was taken out a moment ago and is added again may still be shown by the visit that held it.
    private const string Insert = $"""
        insert into tracking_numbers (project_id, id, site_id, number, region, kind, name, passport, free_at, created_at)
        select @ProjectId, n.id, @SiteId, n.number, @Region, @Kind, @Name, @Passport::jsonb,
            greatest(@Now, (select max(t.free_at) from tracking_numbers t where t.project_id = @ProjectId and t.number = n.number)), @Now
        from unnest(@Ids, @Numbers) as n (id, number)
        on conflict (project_id, number) where is_active do nothing
        returning {NumberRow.Columns}
        """;

    private const string Same = """
        select number from tracking_numbers
        where project_id = @ProjectId and site_id = @SiteId and kind = @Kind and region = @Region and is_active and number = any(@Numbers)
        """;
}
