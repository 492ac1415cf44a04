using System.Text.Json.Nodes;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Amocrm;

/// <summary>The lead fields of the account, and our own ones among them: made at first use, where the token's user has the right to.</summary>
internal sealed class AmocrmFields(AmocrmClient client, TimeProvider clock) : IDisposable
{
    public const string LeadId = "LEADINGEST_ID";
    public const string Source = "LEADINGEST_SOURCE";
    public const string Channel = "LEADINGEST_CHANNEL";
    public const string Form = "LEADINGEST_FORM";
    public const string Page = "LEADINGEST_PAGE";
    public const string Comment = "LEADINGEST_COMMENT";

    // Comment and form stay editable: a manager may put them right. The rest is evidence.
    private static readonly (string Code, string Name, string Type, bool ApiOnly)[] Own =
    [
        (LeadId, "LeadIngest ID", "text", true),
        (Source, "Источник", "text", true),
        (Channel, "Канал", "text", true),
        (Form, "Форма", "text", false),
        (Page, "Страница", "url", true),
        (Comment, "Комментарий", "textarea", false),
    ];

    /// <summary>The passport's parts that a check may make fields for, by the part's name in our API. Evidence: read-only for people.</summary>
    public static readonly IReadOnlyList<(string Part, string Code, string Name, string Type)> OfPassport =
    [
        ("leadId", LeadId, "LeadIngest ID", "text"),
        ("source", Source, "Источник", "text"),
        ("campaign", "LEADINGEST_CAMPAIGN", "Кампания", "text"),
        ("keyword", "LEADINGEST_KEYWORD", "Ключевое слово", "text"),
        ("channel", Channel, "Канал", "text"),
        ("landingPage", "LEADINGEST_LANDING", "Посадочная страница", "url"),
    ];

    /// <summary>A person may add, remove or allow fields at any time; asking hourly costs nothing.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private AmocrmFieldSet? _known;
    private long _readAt;

    /// <summary>Makes the next use read the fields again: the account has just refused one of them.</summary>
    public void Forget() => _known = null;

    /// <returns>The fields, or how the reading failed.</returns>
    public async Task<(AmocrmFieldSet? Fields, CallEnd? Failure)> GetAsync(ICallGuard guard, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            if (_known is { } known && clock.GetElapsedTime(_readAt) < Lifetime)
            {
                return (known, null);
            }

            var (fields, failure) = await ReadAsync(guard, ct).ConfigureAwait(false);
            if (fields is null)
            {
                return (null, failure);
            }

            if (Own.Where(f => !fields.Has(f.Code)).ToArray() is { Length: > 0 } missing)
            {
                var made = await MakeAsync(missing, guard, ct).ConfigureAwait(false);

                // Read, not believe: another node may have been quicker, and a part may have been refused.
                (fields, failure) = await ReadAsync(guard, ct).ConfigureAwait(false);
                if (fields is null)
                {
                    return (null, failure);
                }

                // A refusal is an answer: the account goes without. A making that merely went wrong is none: its cards would lack source and channel
                // for as long as that would be remembered.
                if (made is CallEnd.Unknown or CallEnd.NotExecuted && missing.Any(f => !fields.Has(f.Code)))
                {
                    return (null, made);
                }
            }

            (_known, _readAt) = (fields, clock.GetTimestamp());
            return (fields, null);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The fields as they are, without making any.</summary>
    public Task<(AmocrmFieldSet? Fields, CallEnd? Failure)> LookAsync(ICallGuard guard, CancellationToken ct) => ReadAsync(guard, ct);

    /// <summary>Makes those of <see cref="OfPassport"/> that are missing; what came of it shows the next look.</summary>
    public Task MakeOfPassportAsync(AmocrmFieldSet fields, ICallGuard guard, CancellationToken ct) =>
        MakeAsync([.. OfPassport.Where(f => !fields.Has(f.Code)).Select(f => (f.Code, f.Name, f.Type, true))], guard, ct);

    public void Dispose() => _turn.Dispose();

    /// <returns>How it ended; where fields had to be made one by one, the first that went wrong otherwise than by a refusal.</returns>
    private async Task<CallEnd> MakeAsync((string Code, string Name, string Type, bool ApiOnly)[] missing, ICallGuard guard, CancellationToken ct)
    {
        var all = await client.PostAsync("leads/custom_fields", Body(missing), guard, ct).ConfigureAwait(false);
        if (all is not CallEnd.Data || missing.Length == 1)
        {
            return all;
        }

        foreach (var field in missing)
        {
            var one = await client.PostAsync("leads/custom_fields", Body([field]), guard, ct).ConfigureAwait(false);
            if (one is not (CallEnd.Ok or CallEnd.Data))
            {
                return one;
            }
        }

        return all;
    }

    private static JsonArray Body((string Code, string Name, string Type, bool ApiOnly)[] fields) =>
    [
        .. fields.Select(f => new JsonObject { ["code"] = f.Code, ["name"] = f.Name, ["type"] = f.Type, ["is_api_only"] = f.ApiOnly }),
    ];

    private async Task<(AmocrmFieldSet? Fields, CallEnd? Failure)> ReadAsync(ICallGuard guard, CancellationToken ct)
    {
        var codes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var (rows, failure) = await AmocrmPages.ReadAsync(path => client.GetAsync(path, guard, ct), "leads/custom_fields", 40).ConfigureAwait(false);
        if (rows is null)
        {
            return (null, failure);
        }

        foreach (var field in rows)
        {
            if (!field.Get("id").TryId(out var id))
            {
                continue;
            }

            if (field.Get("code").Text() is { } code)
            {
                codes.TryAdd(code, id);
            }
            else if (field.Get("name").Text() is { } name)
            {
                names.TryAdd(name, id);
            }
        }

        return (new AmocrmFieldSet(codes, names), null);
    }
}

/// <summary>Which lead fields can be written. By code; a field that lost its code is found by its name, which amoCRM makes of the code.</summary>
internal sealed class AmocrmFieldSet(IReadOnlyDictionary<string, string> byCode, IReadOnlyDictionary<string, string> byName)
{
    public bool Has(string code) => byCode.ContainsKey(code) || byName.ContainsKey(code);

    /// <summary>A container of one value; null when the account has no such field.</summary>
    public JsonObject? Value(string code, string value)
    {
        var values = new JsonArray(new JsonObject { ["value"] = value });
        return byCode.ContainsKey(code)
            ? new JsonObject { ["field_code"] = code, ["values"] = values }
            : byName.TryGetValue(code, out var id)
                ? new JsonObject { ["field_id"] = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture), ["values"] = values }
                : null;
    }
}
