using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Core.Spend;
using Microsoft.AspNetCore.Http.Features;

namespace LeadIngest.Api.Spend;

/// <summary>A table of spend with what its sender says about it.</summary>
internal sealed record SpendUpload(string? FileName, byte[] Bytes, SpendUpload.Request Said)
{
    /// <summary>
    /// As JSON, with the table as <c>text</c>; or as multipart/form-data, with the table as the part <c>file</c> (CSV, TSV, XLSX; at most 20 MiB), the other
    /// names as its fields and <c>columns</c> as JSON.
    /// </summary>
    /// <param name="Text">The table: CSV or TSV.</param>
    /// <param name="FileName">For people.</param>
    /// <param name="AccountId">The cabinet; its settings hold for what the table does not say.</param>
    /// <param name="Account">The cabinet by name; made when there is none.</param>
    /// <param name="Source">For rows that name none: <c>yandex</c>.</param>
    /// <param name="Medium">For rows that name none: <c>cpc</c>.</param>
    /// <param name="Currency">ISO 4217, for rows that name none; else the account's, else the project's.</param>
    /// <param name="VatIncluded">Whether VAT is in the amounts; absent: as the table says, else it is.</param>
    /// <param name="VatRate">Per cent, where it is not the Russian one of the day; 0: no VAT is paid.</param>
    /// <param name="DecimalMark"><c>comma</c> or <c>point</c>, where the table leaves it open.</param>
    /// <param name="DateOrder"><c>day</c> or <c>month</c> first, where the table leaves it open.</param>
    /// <param name="From">The table speaks for all days from this one: what it does not name on them cost nothing.</param>
    /// <param name="To">The last such day.</param>
    /// <param name="Columns">Title in the table → <c>date</c>, <c>amount</c>, <c>currency</c>, <c>campaignId</c>, <c>campaignName</c>, <c>groupId</c>, <c>groupName</c>,
    /// <c>adId</c>, <c>adName</c>, <c>keyword</c>, <c>source</c>, <c>medium</c>, <c>clicks</c> or <c>impressions</c>.</param>
    internal sealed record Request(string? Text = null, string? FileName = null, Guid? AccountId = null, string? Account = null, string? Source = null, string? Medium = null, string? Currency = null,
        bool? VatIncluded = null, decimal? VatRate = null, string? DecimalMark = null, string? DateOrder = null, DateOnly? From = null, DateOnly? To = null, IReadOnlyDictionary<string, string>? Columns = null);

    private sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Account).MaximumLength(200).NotEmpty().When(r => r.Account is not null);
            RuleFor(r => r.Source).MaximumLength(200);
            RuleFor(r => r.Medium).MaximumLength(200);
            RuleFor(r => r.FileName).MaximumLength(300);
            RuleFor(r => r.Currency).Matches("^[A-Z]{3}$").WithMessage("An ISO 4217 code: RUB.");
            RuleFor(r => r.VatRate).InclusiveBetween(0, 100);
            RuleFor(r => r.DecimalMark).OneOf("comma", "point");
            RuleFor(r => r.DateOrder).OneOf("day", "month");
            RuleFor(r => r.To).Must((r, to) => (to is null) == (r.From is null)).WithMessage("Pass both `from` and `to`, or none.")
                .Must((r, to) => to is null || r.From is null || (to >= r.From && to.Value.DayNumber - r.From.Value.DayNumber < DateText.MostDays)).WithMessage($"Not before `from`, and within {DateText.MostDays} days of it.");
            RuleForEach(r => r.Columns).Must(c => Enum.TryParse<SpendField>(c.Value, ignoreCase: true, out var field) && Enum.IsDefined(field))
                .WithMessage(c => $"One of: {string.Join(", ", Enum.GetNames<SpendField>().Select(Problems.WireName))}.").OverridePropertyName("columns");
        }
    }

    /// <summary>Of the request, the form around the file too.</summary>
    public const long MostBody = TableFile.MostBytes + (64 * 1024);

    public byte[] Hash => SHA256.HashData(Bytes);

    public SpendOptions Options => new()
    {
        Columns = (Said.Columns ?? new Dictionary<string, string>())
            .GroupBy(c => Core.Identities.Text.CleanLine(c.Key, 500) ?? "").ToDictionary(g => g.Key, g => Enum.Parse<SpendField>(g.Last().Value, ignoreCase: true)),
        DecimalMark = Said.DecimalMark switch { "comma" => DecimalMark.Comma, "point" => DecimalMark.Point, _ => DecimalMark.Unknown },
        DateOrder = Said.DateOrder switch { "day" => DateOrder.DayFirst, "month" => DateOrder.MonthFirst, _ => DateOrder.Unknown },
        Currency = Said.Currency,
        VatIncluded = Said.VatIncluded,
        Source = Core.Identities.Text.CleanLine(Said.Source, 200),
        Medium = Core.Identities.Text.CleanLine(Said.Medium, 200),
        From = Said.From,
        To = Said.To,
    };

    /// <returns>The upload, or why there is none.</returns>
    public static async Task<(SpendUpload? Upload, IResult? Refusal)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        SpendUpload upload;
        try
        {
            upload = request.HasFormContentType ? await FormAsync(request, ct) : await JsonAsync(request, ct);
        }
        catch (JsonException fault)
        {
            return (null, Problems.Invalid(fault.Path?.TrimStart('$', '.') is { Length: > 0 } path ? path : "body", "Not the JSON that is expected here."));
        }
        catch (InvalidDataException)
        {
            return (null, Problems.Invalid("body", "Not a form that can be read, or it is larger than 20 MiB."));
        }
        if (new Validator().Validate(upload.Said) is { IsValid: false } wrong) return (null, Problems.Invalid(wrong));
        return upload.Bytes.Length > TableFile.MostBytes ? (null, Problems.Invalid("file", "Larger than 20 MiB: split it.")) : (upload, null);
    }

    private static async Task<SpendUpload> JsonAsync(HttpRequest request, CancellationToken ct)
    {
        var said = await JsonSerializer.DeserializeAsync<Request>(request.Body, Strict, ct) ?? new();
        return new(said.FileName, Encoding.UTF8.GetBytes(said.Text ?? ""), said);
    }

    private static async Task<SpendUpload> FormAsync(HttpRequest request, CancellationToken ct)
    {
        request.HttpContext.Features.Set<IFormFeature>(new FormFeature(request, new FormOptions
        {
            MultipartBodyLengthLimit = MostBody,
            ValueLengthLimit = 64 * 1024,
            ValueCountLimit = 50,
            KeyLengthLimit = 200,
        }));
        var form = await request.ReadFormAsync(ct);
        var fields = form.ToDictionary(f => f.Key, f => f.Key == "columns" ? (object?)JsonSerializer.Deserialize<Dictionary<string, string>>(f.Value.ToString())
            : f.Value.ToString() is not { Length: > 0 } value ? null : f.Key is "vatIncluded" ? JsonSerializer.Deserialize<bool>(value.ToLowerInvariant()) : f.Key is "vatRate" ? JsonSerializer.Deserialize<decimal>(value) : value);
        var said = JsonSerializer.Deserialize<Request>(JsonSerializer.Serialize(fields), Strict) ?? new();
        if (form.Files.GetFile("file") is not { } file) return new(said.FileName, Encoding.UTF8.GetBytes(said.Text ?? ""), said);
        using var bytes = new MemoryStream((int)Math.Min(file.Length, TableFile.MostBytes));
        await file.CopyToAsync(bytes, ct);
        return new(said.FileName ?? Path.GetFileName(file.FileName), bytes.ToArray(), said);
    }

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
    };
}
