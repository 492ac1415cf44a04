using FluentValidation;

namespace LeadIngest.Api.Features.Spend;

/// <summary>A cabinet, or whatever else sends one table after another.</summary>
internal sealed record SpendAccountAnswer
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>For rows that name none themselves.</summary>
    public string? Source { get; init; }

    public string? Medium { get; init; }

    /// <summary>ISO 4217; null: the project's.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether VAT is in its amounts; null: as its tables say.</summary>
    public bool? VatIncluded { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last day that it has spend of; null: none.</summary>
    public DateOnly? LastDay { get; init; }

    public const string Columns = """
        a.id, a.name, a.source, a.medium, a.currency::text as currency, a.vat_included, a.created_at,
        (select max(s.day) from spend s where s.project_id = a.project_id and s.account_id = a.id and s.current) as last_day
        """;

    /// <param name="Name">1 to 200 characters, unlike any other account's.</param>
    /// <param name="Source">For rows that name none: <c>yandex</c>.</param>
    /// <param name="Medium">For rows that name none: <c>cpc</c>.</param>
    /// <param name="Currency">ISO 4217; absent: the project's.</param>
    /// <param name="VatIncluded">Whether VAT is in its amounts; absent: as its tables say.</param>
    internal sealed record Request(string Name, string? Source, string? Medium, string? Currency, bool? VatIncluded)
    {
        /// <summary>The parameters of a statement that writes the account.</summary>
        public object Row(Guid projectId, Guid id) => new
        {
            ProjectId = projectId,
            Id = id,
            Name = Core.Identities.Text.CleanLine(Name, 200),
            Source = Core.Identities.Text.CleanLine(Source, 200),
            Medium = Core.Identities.Text.CleanLine(Medium, 200),
            Currency,
            VatIncluded,
        };
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Source).MaximumLength(200);
            RuleFor(r => r.Medium).MaximumLength(200);
            RuleFor(r => r.Currency).Matches("^[A-Z]{3}$").WithMessage("An ISO 4217 code: RUB.");
        }
    }

    public const string Example = """{"name":"Директ, основной","source":"yandex","medium":"cpc","currency":"RUB","vatIncluded":true}""";
}
