using System.Text;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using LeadIngest.Core.Spend;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Spend;

/// <summary>Loads rates of the Central Bank of Russia: its files XML_daily and XML_dynamic, or a CSV of day, currency, nominal and rate. A day that is there already gets the new rate.</summary>
internal sealed class LoadRates : IEndpoint
{
    /// <param name="Text">The file's text, or</param>
    /// <param name="Base64">the file as it is, windows-1251 too.</param>
    /// <param name="Currency">ISO 4217, for an XML_dynamic of a currency that is not known by the bank's id.</param>
    internal sealed record Request(string? Text, string? Base64, string? Currency);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Text).Must((r, text) => (text is null) != (r.Base64 is null)).WithMessage("Either `text` or `base64`.");
            RuleFor(r => r.Base64).Must(b => b is null || Convert.TryFromBase64String(b, new byte[b.Length], out _)).WithMessage("Not base64.");
            RuleFor(r => r.Currency).Matches("^[A-Z]{3}$").WithMessage("An ISO 4217 code: USD.");
        }
    }

    /// <param name="Rates">How many the file holds.</param>
    internal sealed record Response(int Rates, IReadOnlyList<string> Currencies, DateOnly FirstDay, DateOnly LastDay);

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPost("/rates", HandleAsync).Validate(new Validator())
        .WithExample("""
            {"text":"<ValCurs Date=\"01.08.2026\" name=\"Foreign Currency Market\"><Valute ID=\"R01235\"><CharCode>USD</CharCode><Nominal>1</Nominal><Value>79,1234</Value></Valute></ValCurs>"}
            """);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        var bytes = request.Base64 is { } packed ? Convert.FromBase64String(packed) : Encoding.UTF8.GetBytes(request.Text!);
        if (!RateFile.TryRead(bytes, request.Currency, out var read, out var why)) return Problems.Invalid(request.Base64 is null ? "text" : "base64", why);
        // The same day twice in one file: the later one.
        var rates = read.GroupBy(r => (r.Currency, r.Day)).Select(g => g.Last()).ToArray();
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Save, new
        {
            scope.ProjectId,
            Currencies = rates.Select(r => r.Currency).ToArray(),
            Days = rates.Select(r => r.Day).ToArray(),
            Rubles = rates.Select(r => r.Rubles).ToArray(),
            Nominals = rates.Select(r => r.Nominal).ToArray(),
        }, cancellationToken: ct));
        return TypedResults.Ok(new Response(rates.Length, [.. rates.Select(r => r.Currency).Distinct().Order(StringComparer.Ordinal)], rates.Min(r => r.Day), rates.Max(r => r.Day)));
    }

    private const string Save = """
        insert into rates (project_id, currency, day, rubles, nominal)
        select @ProjectId, * from unnest(@Currencies, @Days, @Rubles, @Nominals)
        on conflict (project_id, currency, day) do update set rubles = excluded.rubles, nominal = excluded.nominal
        """;
}
