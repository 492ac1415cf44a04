using System.Text.Json;
using LeadIngest.Api.Spend;

namespace LeadIngest.Api.Features.Spend;

/// <summary>One import of a table.</summary>
internal sealed record SpendImportAnswer
{
    public required Guid Id { get; init; }
    public required Guid AccountId { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary><c>file</c>, or the kind of the cabinet that was asked: <c>yandex_direct</c>, <c>vk_ads</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>Who: the name of the API key.</summary>
    public string? MadeBy { get; init; }

    public string? FileName { get; init; }

    /// <summary>SHA-256 of the file, hexadecimal.</summary>
    public required string FileHash { get; init; }

    /// <summary>The first day that it speaks for; null: none.</summary>
    public DateOnly? FirstDay { get; init; }

    public DateOnly? LastDay { get; init; }

    /// <summary>Rows of the file that were taken.</summary>
    public required int Taken { get; init; }

    /// <summary>Rows of the file that were not understood.</summary>
    public required int Refused { get; init; }

    /// <summary>Totals.</summary>
    public required int Skipped { get; init; }

    /// <summary>When it was taken back; null: it counts, as far as no newer import speaks for its days.</summary>
    public DateTimeOffset? UndoneAt { get; init; }

    /// <summary>How the table was understood; not in lists.</summary>
    public SpendReport? Report { get; init; }

    public const string From = """
        select i.id, i.account_id, a.name as account, i.created_at, i.origin, k.name as made_by, i.file_name, encode(i.file_sha256, 'hex') as file_hash, i.first_day, i.last_day, i.taken, i.refused, i.skipped, i.undone_at
        """;

    public const string Joins = """
         from spend_imports i join spend_accounts a on a.project_id = i.project_id and a.id = i.account_id left join api_keys k on k.project_id = i.project_id and k.id = i.key_id
        where i.project_id = @ProjectId
        """;

    public const string One = From + ", i.report::text as report " + Joins + " and i.id = @Id";

    internal sealed record Row
    {
        public Guid Id { get; init; }
        public Guid AccountId { get; init; }
        public string Account { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public string Origin { get; init; } = "";
        public string? MadeBy { get; init; }
        public string? FileName { get; init; }
        public string FileHash { get; init; } = "";
        public DateOnly? FirstDay { get; init; }
        public DateOnly? LastDay { get; init; }
        public int Taken { get; init; }
        public int Refused { get; init; }
        public int Skipped { get; init; }
        public DateTimeOffset? UndoneAt { get; init; }
        public string? Report { get; init; }

        public SpendImportAnswer Answer() => new()
        {
            Id = Id,
            AccountId = AccountId,
            Account = Account,
            CreatedAt = CreatedAt,
            Origin = Origin,
            MadeBy = MadeBy,
            FileName = FileName,
            FileHash = FileHash,
            FirstDay = FirstDay,
            LastDay = LastDay,
            Taken = Taken,
            Refused = Refused,
            Skipped = Skipped,
            UndoneAt = UndoneAt,
            Report = Report is null ? null : JsonSerializer.Deserialize<SpendReport>(Report, JsonSerializerOptions.Web),
        };
    }
}
