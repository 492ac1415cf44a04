using System.Text.Json;
using Dapper;
using FluentValidation;
using LeadIngest.Api.Data;
using LeadIngest.Api.Figures;
using LeadIngest.Api.Http;
using LeadIngest.Core.Times;
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
    /// <param name="Attribution">How deals are shared among sources; replaces the whole. Windows and the half-life recalculate history in the background, the model does not need to.</param>
    /// <param name="Romi">Which meaning pages show: <c>payback</c>, revenue / spend, or <c>net</c>, (revenue − spend) / spend.</param>
    /// <param name="WorkingHours">For response times, by day: <c>{"mon":"09:00-18:00","sat":"10:00-14:00,15:00-17:00"}</c>; a day that is left out is a day off, no day at all: people always work.</param>
    /// <param name="DaysOff">Whatever the day of the week, at most 1,000: <c>2026-12-31</c>.</param>
    internal sealed record Request(string? Name, string? TimeZone, string? Currency, int? DuplicateWindowSeconds, string? RepeatPolicy, string? SpendVat, AttributionAnswer? Attribution, string? Romi,
        Dictionary<string, string>? WorkingHours, string[]? DaysOff);

    private sealed class Validator : AbstractValidator<Request>
    {
        private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200).When(r => r.Name is not null);
            RuleFor(r => r.TimeZone).Must(z => z is null || TimeZoneName.IsValid(z)).WithMessage("Not an IANA time zone: Europe/Moscow.");
            RuleFor(r => r.Currency).Must(c => c is null || Currencies.Contains(c)).WithMessage("Not an ISO 4217 code: RUB.");
            RuleFor(r => r.DuplicateWindowSeconds).InclusiveBetween(0, 86_400);
            RuleFor(r => r.RepeatPolicy).OneOf("deal", "note", "note_task");
            RuleFor(r => r.SpendVat).OneOf("net", "gross");
            RuleFor(r => r.Romi).OneOf("payback", "net");
            RuleFor(r => r.Attribution!.Model).OneOf(AttributionRules.Models).OverridePropertyName("attribution.model").When(r => r.Attribution is not null);
            RuleFor(r => r.Attribution!.DealWindowDays).InclusiveBetween(1, 730).OverridePropertyName("attribution.dealWindowDays").When(r => r.Attribution is not null);
            RuleFor(r => r.Attribution!.LeadWindowDays).InclusiveBetween(1, 730).OverridePropertyName("attribution.leadWindowDays").When(r => r.Attribution is not null);
            RuleFor(r => r.Attribution!.HalfLifeDays).InclusiveBetween(1, 365).OverridePropertyName("attribution.halfLifeDays").When(r => r.Attribution is not null);
            RuleFor(r => r.WorkingHours).Custom((hours, context) =>
            {
                foreach (var (day, text) in hours ?? [])
                    if ((Days.Contains(day) ? WorkingTime.FaultOfHours(text) : "Not a day of the week: mon, tue, wed, thu, fri, sat, sun.") is { } fault) context.AddFailure($"workingHours.{day}", fault);
            });
            RuleFor(r => r.DaysOff).Must(d => d is null || d.Length <= 1_000).WithMessage("At most 1,000 days.");
            RuleForEach(r => r.DaysOff).Must(d => d is not null && WorkingTime.FaultOfDay(d) is null).WithMessage("Not a day: 2026-12-31.");
        }
    }

    public static RouteHandlerBuilder Map(IEndpointRouteBuilder routes) => routes.MapPatch("/{id:guid}", HandleAsync).Validate(new Validator())
        .ProducesProblem(StatusCodes.Status404NotFound)
        .WithExample("""{"name":"Окна Плюс","timeZone":"Asia/Yekaterinburg","currency":"RUB","duplicateWindowSeconds":900,"repeatPolicy":"deal","spendVat":"gross","attribution":{"model":"linear","dealWindowDays":60},"romi":"net","workingHours":{"mon":"09:00-18:00","tue":"09:00-18:00"},"daysOff":["2026-12-31"]}""");

    internal static async Task<Results<Ok<ProjectAnswer>, ProblemHttpResult>> HandleAsync(Guid id, Request request, ProjectScope scope, Database db, CancellationToken ct)
    {
        await using var connection = await db.Reading.OpenConnectionAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<ProjectRow>(new CommandDefinition(Update, new
        {
            scope.ProjectId,
            Id = id,
            Name = request.Name?.Trim(),
            request.TimeZone,
            request.Currency,
            request.DuplicateWindowSeconds,
            request.RepeatPolicy,
            request.SpendVat,
            Attribution = request.Attribution?.Rules.Write(),
            request.Romi,
            WorkingHours = request.WorkingHours is { } hours ? JsonSerializer.Serialize(hours) : null,
            request.DaysOff,
        }, cancellationToken: ct));
        return row is null ? Problems.NotFound("project") : TypedResults.Ok(row.Answer());
    }

    private const string Update = $"""
        update projects set name = coalesce(@Name, name), time_zone = coalesce(@TimeZone, time_zone), currency = coalesce(@Currency, currency),
            duplicate_window_seconds = coalesce(@DuplicateWindowSeconds, duplicate_window_seconds), repeat_policy = coalesce(@RepeatPolicy, repeat_policy),
            spend_vat = coalesce(@SpendVat, spend_vat), attribution = coalesce(@Attribution::jsonb, attribution), romi = coalesce(@Romi, romi),
            working_hours = coalesce(@WorkingHours::jsonb, working_hours), days_off = coalesce(@DaysOff::date[], days_off)
        where project_id = @ProjectId and project_id = @Id
        returning {ProjectRow.Columns};
        select pg_notify('projects', @ProjectId::text)
        """;

    // The active codes of ISO 4217 for money in circulation.
    internal static readonly IReadOnlySet<string> Currencies = new HashSet<string>("""
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD
        EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
        LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
        SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER
        ZAR ZMW ZWG
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
