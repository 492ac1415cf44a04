using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadIngest.Api.Features.Projects;

/// <summary>Changes a project's settings; what is absent stays. Takes effect on every node within seconds.</summary>
internal sealed class UpdateProject : IEndpoint
{
    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="TimeZone">IANA name: <c>Europe/Moscow</c>.</param>
    /// <param name="Currency">ISO 4217 code: <c>RUB</c>.</param>
    /// <param name="DuplicateWindowSeconds">0 to 86 400; 0: nothing is a duplicate.</param>
    /// <param name="RepeatPolicy">What a later enquiry of a known client causes: <c>deal</c>, <c>note</c> in the open deal, or <c>note_task</c>, a note and a task.</param>
    /// <param name="SpendVat">On what basis spend is counted: <c>gross</c>, with VAT, or <c>net</c>, without it.</param>
    internal sealed record Request(string? Name, string? TimeZone, string? Currency, int? DuplicateWindowSeconds, string? RepeatPolicy, string? SpendVat);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.TimeZone).Must(z => z is null || TimeZoneName.IsValid(z)).WithMessage("Not an IANA time zone: Europe/Moscow.");
            RuleFor(r => r.Currency).Must(c => c is null || Currencies.Contains(c)).WithMessage("Not an ISO 4217 code: RUB.");
            RuleFor(r => r.DuplicateWindowSeconds).InclusiveBetween(0, 86_400);
            RuleFor(r => r.RepeatPolicy).OneOf("deal", "note", "note_task");
            RuleFor(r => r.SpendVat).OneOf("net", "gross");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"name":"Окна Плюс","timeZone":"Asia/Yekaterinburg","currency":"RUB","duplicateWindowSeconds":900,"repeatPolicy":"deal","spendVat":"gross"}""");

    internal static async Task<Results<Ok<ProjectAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ProjectAnswer>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            Name = request.Name?.Trim(),
            request.TimeZone,
            request.Currency,
            request.DuplicateWindowSeconds,
            request.RepeatPolicy,
            request.SpendVat,
        }, cancellationToken: ct));
        return row is null ? Problems.NotFound("project") : TypedResults.Ok(row);
    }

    private const string Update = $"""
        update projects set name = coalesce(@Name, name), time_zone = coalesce(@TimeZone, time_zone), currency = coalesce(@Currency, currency),
            duplicate_window_seconds = coalesce(@DuplicateWindowSeconds, duplicate_window_seconds), repeat_policy = coalesce(@RepeatPolicy, repeat_policy),
            spend_vat = coalesce(@SpendVat, spend_vat)
        where project_id = @ProjectId and project_id = @Id
        returning {ProjectAnswer.Columns};
        select pg_notify('projects', @ProjectId::text)
        """;

    // The active codes of ISO 4217 for money in circulation.
    private static readonly HashSet<string> Currencies = [.. """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD
        EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
        LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
        SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER
        ZAR ZMW ZWG
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
