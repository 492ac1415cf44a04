using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using LeadIngest.Api.Features.Projects;
using LeadIngest.Api.Http;
using LeadIngest.Api.Spend.Cabinets;

namespace LeadIngest.Api.Features.Spend;

/// <summary>A cabinet, or whatever else sends one table after another.</summary>
internal sealed record SpendAccountAnswer
{
    public required Guid Id { get; init; }

    /// <summary><c>file</c>: tables are imported; <c>yandex_direct</c>, <c>vk_ads</c>: the cabinet is asked every day.</summary>
    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>For rows that name none themselves.</summary>
    public string? Source { get; init; }

    public string? Medium { get; init; }

    /// <summary>ISO 4217; null: the project's.</summary>
    public string? Currency { get; init; }

    /// <summary>Whether VAT is in its amounts; null: as its tables say, and in those of a cabinet that is asked.</summary>
    public bool? VatIncluded { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last day that it has spend of; null: none.</summary>
    public DateOnly? LastDay { get; init; }

    [JsonIgnore] public string? CabinetJson { get; init; }

    /// <summary>How the cabinet is asked, and how that goes; null: it is not.</summary>
    public CabinetAnswer? Cabinet => CabinetJson is null ? null : JsonSerializer.Deserialize<CabinetAnswer>(CabinetJson, JsonSerializerOptions.Web);

    /// <summary>A cabinet as the API shows it. Its login never comes back.</summary>
    /// <param name="HasCredentials">Whether a login is stored.</param>
    /// <param name="ClientLogin">Yandex Direct: the advertiser, where the login is an agency's.</param>
    /// <param name="Level">How finely: <c>campaign</c>, <c>group</c>, <c>ad</c> or <c>keyword</c>.</param>
    /// <param name="TimeZone">IANA name; its days and its hour are by this clock.</param>
    /// <param name="Hour">The daily load begins at this hour.</param>
    /// <param name="RestateDays">So many days back are loaded anew every day.</param>
    /// <param name="LoadFrom">Where the first load begins; null: as far back as the vendor keeps.</param>
    /// <param name="State"><c>active</c>, <c>paused</c> (by a person), or <c>needs_reauth</c>: the vendor refuses the login, and a person has to do something.</param>
    /// <param name="LastLoadAt">When days were loaded last.</param>
    /// <param name="LoadedTo">The last day that the daily load has brought.</param>
    /// <param name="LastError">What went wrong last, in words; null: nothing since days were loaded last.</param>
    /// <param name="NextAttemptAt">When it is asked next; null: not before a person does something.</param>
    /// <param name="Loads">What waits to be loaded, and the latest that was: ten at most.</param>
    internal sealed record CabinetAnswer(bool HasCredentials, string BaseAddress, string? ClientLogin, bool UseOperatorUnits, string Level, string TimeZone, int Hour, int RestateDays, DateOnly? LoadFrom,
        string State, DateTimeOffset? LastLoadAt, DateOnly? LoadedTo, string? LastError, DateTimeOffset? LastErrorAt, DateTimeOffset? NextAttemptAt, IReadOnlyList<LoadAnswer> Loads);

    /// <param name="Reason"><c>first</c>: history; <c>daily</c>; <c>person</c>: somebody asked for it.</param>
    /// <param name="DaysLeft">Of all its days, how many are not loaded yet; it begins with the newest.</param>
    /// <param name="State"><c>waiting</c>, <c>done</c>, or <c>replaced</c>: a newer one has taken its days over.</param>
    /// <param name="Attempts">Failures since days were loaded last.</param>
    /// <param name="Note">What it waits for, in words.</param>
    /// <param name="Rows">Loaded so far.</param>
    internal sealed record LoadAnswer(Guid Id, string Reason, DateOnly FirstDay, DateOnly LastDay, int Days, int DaysLeft, string State, int Attempts, string? Note, long Rows, DateTimeOffset CreatedAt, DateTimeOffset? DoneAt);

    public const string Columns = """
        a.id, a.kind, a.name, a.source, a.medium, a.currency::text as currency, a.vat_included, a.created_at,
        (select max(s.day) from spend s where s.project_id = a.project_id and s.account_id = a.id and s.current) as last_day,
        (select jsonb_build_object('hasCredentials', true, 'baseAddress', c.base_address, 'clientLogin', c.client_login, 'useOperatorUnits', c.operator_units, 'level', c.level, 'timeZone', c.time_zone,
                'hour', c.load_hour, 'restateDays', c.restate_days, 'loadFrom', c.load_from, 'state', case when c.paused then 'paused' else c.state end, 'lastLoadAt', c.last_load_at, 'loadedTo', c.loaded_to,
                'lastError', c.last_error, 'lastErrorAt', c.last_error_at,
                'nextAttemptAt', case when c.state = 'active' and not c.paused then least(c.schedule_at,
                    (select min(l.next_at) from spend_loads l where l.project_id = c.project_id and l.account_id = c.account_id and l.state = 'waiting')) end,
                'loads', coalesce((select jsonb_agg(jsonb_build_object('id', l.id, 'reason', l.reason, 'firstDay', l.first_day, 'lastDay', l.last_day, 'days', l.last_day - l.first_day + 1,
                        'daysLeft', case when l.state = 'waiting' then l.next_day - l.first_day + 1 else 0 end, 'state', l.state, 'attempts', l.attempts, 'note', l.note, 'rows', l.taken, 'createdAt', l.created_at, 'doneAt', l.done_at)
                        order by l.state = 'waiting' desc, l.created_at desc)
                    from (select * from spend_loads l where l.project_id = c.project_id and l.account_id = c.account_id order by l.state = 'waiting' desc, l.created_at desc limit 10) l), '[]'))::text
            from spend_cabinets c where c.project_id = a.project_id and c.account_id = a.id) as cabinet_json
        """;

    /// <param name="Name">1 to 200 characters, unlike any other account's.</param>
    /// <param name="Source">For rows that name none: <c>yandex</c>. Of a cabinet that is asked: <c>yandex</c> or <c>vk_ads</c> when absent.</param>
    /// <param name="Medium">For rows that name none: <c>cpc</c>, which is that of a cabinet that is asked when absent.</param>
    /// <param name="Currency">ISO 4217; absent: the project's.</param>
    /// <param name="VatIncluded">Whether VAT is in its amounts; absent: as its tables say. Direct is asked for amounts with it or without it.</param>
    /// <param name="Kind"><c>file</c> (when absent), <c>yandex_direct</c> or <c>vk_ads</c>; never changes.</param>
    /// <param name="Cabinet">How the cabinet is asked; not for <c>file</c>.</param>
    internal sealed record Request(string Name, string? Source, string? Medium, string? Currency, bool? VatIncluded, string? Kind = null, CabinetRequest? Cabinet = null)
    {
        /// <summary>The parameters of a statement that writes the account.</summary>
        public object Row(Guid projectId, Guid id, string kind) => new
        {
            ProjectId = projectId,
            Id = id,
            Kind = kind,
            Name = Core.Identities.Text.CleanLine(Name, 200),
            Source = Core.Identities.Text.CleanLine(Source, 200) ?? (kind switch { "yandex_direct" => "yandex", "vk_ads" => "vk_ads", _ => null }),
            Medium = Core.Identities.Text.CleanLine(Medium, 200) ?? (kind == "file" ? null : "cpc"),
            Currency,
            VatIncluded,
        };
    }

    /// <param name="Token">Yandex Direct: the OAuth token. Logins are never shown again; absent on a change: the stored one stays.</param>
    /// <param name="ClientLogin">Yandex Direct: the advertiser, where the token is an agency's.</param>
    /// <param name="UseOperatorUnits">Yandex Direct: requests cost the agency's points.</param>
    /// <param name="ClientId">VK Ads.</param>
    /// <param name="ClientSecret">VK Ads.</param>
    /// <param name="RefreshToken">VK Ads: of a cabinet whose owner has given consent to the client; absent: the client's own cabinet.</param>
    /// <param name="BaseAddress">Absent: the vendor's. Direct's sandbox, or a host that the operator allowed.</param>
    /// <param name="Level">How finely: <c>campaign</c>, <c>group</c>, <c>ad</c>, of Direct also <c>keyword</c>, which it is when absent; of VK Ads <c>group</c>.</param>
    /// <param name="TimeZone">IANA name, of the cabinet; absent: the project's.</param>
    /// <param name="Hour">Of the daily load, 0 to 23; absent: 6.</param>
    /// <param name="RestateDays">So many days back are loaded anew every day, 7 to 90; absent: 7.</param>
    /// <param name="LoadFrom">Where the first load begins; absent: three years back, which is all that Direct keeps.</param>
    /// <param name="IsPaused">Not loaded for the time being.</param>
    internal sealed record CabinetRequest(string? Token = null, string? ClientLogin = null, bool UseOperatorUnits = false, string? ClientId = null, string? ClientSecret = null, string? RefreshToken = null,
        string? BaseAddress = null, string? Level = null, string? TimeZone = null, int? Hour = null, int? RestateDays = null, DateOnly? LoadFrom = null, bool IsPaused = false)
    {
        public CabinetSettings Settings(string kind, Uri address) => new()
        {
            Credentials = Token is null && ClientId is null ? null : new(Token, ClientId, ClientSecret, RefreshToken),
            BaseAddress = address,
            ClientLogin = Core.Identities.Text.CleanLine(ClientLogin, 200),
            OperatorUnits = UseOperatorUnits,
            Level = Level ?? (kind == "yandex_direct" ? "keyword" : "group"),
            TimeZone = TimeZone,
            LoadHour = Hour ?? 6,
            RestateDays = RestateDays ?? 7,
            LoadFrom = LoadFrom,
            Paused = IsPaused,
        };

        // Prints no login.
        public override string ToString() => nameof(CabinetRequest);
    }

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Name).NotEmpty().MaximumLength(200);
            RuleFor(r => r.Source).MaximumLength(200);
            RuleFor(r => r.Medium).MaximumLength(200);
            RuleFor(r => r.Currency).Matches("^[A-Z]{3}$").WithMessage("An ISO 4217 code: RUB.");
            RuleFor(r => r.Kind).OneOf("file", "yandex_direct", "vk_ads");
            RuleFor(r => r.Cabinet).Null().When(r => r.Kind == "file").WithMessage("An account of files is not asked for anything.");
            RuleFor(r => r.Cabinet).NotNull().When(r => r.Kind is "yandex_direct" or "vk_ads").WithMessage("How is the cabinet asked? At least its login.");
            RuleFor(r => r.Cabinet!).SetValidator(r => new CabinetValidator(r.Kind)).When(r => r.Cabinet is not null);
        }
    }

    private sealed class CabinetValidator : AbstractValidator<CabinetRequest>
    {
        private const string Sent = "Printable ASCII without spaces, 4 to 4,000 characters.";

        public CabinetValidator(string? kind)
        {
            // They travel in headers: a line break would begin another one.
            foreach (var login in (System.Linq.Expressions.Expression<Func<CabinetRequest, string?>>[])[r => r.Token, r => r.ClientId, r => r.ClientSecret, r => r.RefreshToken, r => r.ClientLogin])
                RuleFor(login).Matches("^[!-~]{4,4000}$").WithMessage(Sent);
            RuleFor(r => r.ClientSecret).NotNull().When(r => r.ClientId is not null || r.RefreshToken is not null).WithMessage("Together with `clientId`.");
            RuleFor(r => r.ClientId).NotNull().When(r => r.ClientSecret is not null).WithMessage("Together with `clientSecret`.");
            RuleFor(r => r.ClientId).Null().When(_ => kind == "yandex_direct").WithMessage("Yandex Direct takes a `token`.");
            RuleFor(r => r.Token).Null().When(_ => kind == "vk_ads").WithMessage("VK Ads takes `clientId` and `clientSecret`.");
            RuleFor(r => r.Level).OneOf(kind == "vk_ads" ? ["campaign", "group", "ad"] : ["campaign", "group", "ad", "keyword"]);
            RuleFor(r => r.TimeZone).Must(z => z is null || TimeZoneName.IsValid(z)).WithMessage("Not an IANA time zone: Europe/Moscow.");
            RuleFor(r => r.Hour).InclusiveBetween(0, 23);
            RuleFor(r => r.RestateDays).InclusiveBetween(7, 90);
        }
    }

    public const string Example = """{"name":"Директ, основной","source":"yandex","medium":"cpc","currency":"RUB","vatIncluded":true}""";
}
