using System.Text.Json;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.OAuth;

namespace LeadIngest.Crm.Amocrm;

/// <summary>Looks at an amoCRM account before leads are trusted to it, and makes our fields when it may.</summary>
internal sealed class AmocrmCheck(AmocrmClient client, AmocrmFields cache, ConnectionSettings settings, CheckRequest request)
{
    private static readonly string[] Utm = ["UTM_SOURCE", "UTM_MEDIUM", "UTM_CAMPAIGN", "UTM_CONTENT", "UTM_TERM"];
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    private readonly CheckList _found = new();

    public async Task<AccountCheck> RunAsync(ICrmTokens tokens, DateTimeOffset now, ICallGuard guard, CancellationToken ct)
    {
        if (await AccountAsync(guard, ct).ConfigureAwait(false) is not { } account)
        {
            return _found.Result([]);
        }

        if (await tokens.GetAsync(ct).ConfigureAwait(false) is AccessOutcome.Access { Token: var token })
        {
            Token(AccessTokenClaims.Read(token), now);
        }

        _found.Good("filter", account.Get("is_api_filter_enabled").Text() is "true"
            ? "API filters are on."
            : "API filters are off (a paid add-on): changed deals are read without them, which costs more requests.");
        var users = await UsersAsync(account.Get("current_user_id").Text(), guard, ct).ConfigureAwait(false);
        Responsible(users);
        await PipelineAsync(guard, ct).ConfigureAwait(false);
        var fields = await FieldsAsync(guard, ct).ConfigureAwait(false);
        await EventsAsync(guard, ct).ConfigureAwait(false);
        return _found.Result(fields);
    }

    private async Task<JsonElement?> AccountAsync(ICallGuard guard, CancellationToken ct)
    {
        var end = await client.GetAsync("account?with=is_api_filter_enabled", guard, ct).ConfigureAwait(false);
        switch (end)
        {
            case CallEnd.Ok ok:
                _found.Good("reachable", "The account answers.");
                _found.Good("credentials", $"The account \"{Words.Short(ok.Body.Get("name").Text() ?? ok.Body.Get("subdomain").Text() ?? "?", 100)}\" can be read.");
                _found.Good("paid", "The account is paid.");
                return ok.Body ?? default(JsonElement);
            case CallEnd.CredentialsRefused:
                _found.Fail("credentials", $"{end.Why} Connect the account anew.");
                return null;
            case CallEnd.AccountBlocked { Status: 402 }:
                _found.Fail("paid", $"{end.Why} Leads wait until it is paid.");
                return null;
            case CallEnd.AccountBlocked:
                _found.Fail("account", end.Why);
                return null;
            default:
                _found.Fail("reachable", $"The account cannot be read. {end.Why}");
                return null;
        }
    }

    private void Token(AccessTokenClaims? claims, DateTimeOffset now)
    {
        if (claims?.Scopes is { } scopes)
        {
            if (scopes.Contains("crm"))
            {
                _found.Good("scopes", $"The integration may use: {Words.Short(string.Join(", ", scopes), 200)}.");
            }
            else
            {
                _found.Fail("scopes", "The integration has no access to the account's data (scope crm): tick it in the integration and connect anew.");
            }
        }

        // A login that refreshes itself lives for a day at a time; a long-lived token ends for good.
        if (claims?.ExpiresAt is { } end && end - now is var left && left > TimeSpan.FromDays(2) && left < Soon)
        {
            _found.Warn("token", $"The long-lived token ends on {end.UtcDateTime:yyyy-MM-dd}: make a new one in time, or connect by login.");
        }
    }

    /// <returns>The account's users; null when this token may not see them.</returns>
    private async Task<IReadOnlyList<JsonElement>?> UsersAsync(string? current, ICallGuard guard, CancellationToken ct)
    {
        var (users, failure) = await AmocrmPages.ReadAsync(path => client.GetAsync(path, guard, ct), "users", 20).ConfigureAwait(false);
        if (users is null)
        {
            _found.Warn("rights", $"The users cannot be read, so the login is no administrator's or the integration is an external one: fields and webhooks cannot be made by this service. {failure!.Why}");
            return null;
        }

        if (users.Find(u => u.Get("id").Text() == current) is { ValueKind: JsonValueKind.Object } me && me.Get("rights").Get("is_admin").Text() is not "true")
        {
            _found.Warn("rights", "The login is no administrator's: fields and webhooks cannot be made by this service, and records hidden from this user look absent.");
        }
        else
        {
            _found.Good("rights", "The login is an administrator's.");
        }

        return users;
    }

    private void Responsible(IReadOnlyList<JsonElement>? users)
    {
        if (settings.ResponsibleUserId is not { } id || users is null)
        {
            return;
        }

        var user = users.FirstOrDefault(u => u.Get("id").Text() == $"{id}");
        if (user.ValueKind != JsonValueKind.Object || user.Get("rights").Get("is_active").Text() is "false")
        {
            _found.Fail("responsible", $"The responsible user {id} is not an active user of the account: amoCRM refuses it, and its leads go in without.");
        }
        else
        {
            _found.Good("responsible", $"New deals go to {Words.Short(user.Get("name").Text() ?? $"user {id}", 100)}.");
        }
    }

    private async Task PipelineAsync(ICallGuard guard, CancellationToken ct)
    {
        if (settings.PipelineId is null && settings.StageId is null)
        {
            return;
        }

        var end = await client.GetAsync("leads/pipelines", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok ok)
        {
            _found.Warn("pipeline", $"The pipelines cannot be read. {end.Why}");
            return;
        }

        var pipelines = ok.Body.Get("_embedded").Get("pipelines").Items().ToArray();
        var pipeline = settings.PipelineId is { } id
            ? pipelines.FirstOrDefault(p => p.Get("id").Text() == $"{id}")
            : pipelines.FirstOrDefault(p => p.Get("is_main").Text() is "true");
        if (pipeline.ValueKind != JsonValueKind.Object || pipeline.Get("is_archive").Text() is "true")
        {
            _found.Fail("pipeline", $"The account has no pipeline {settings.PipelineId}: its leads go to the main one.");
            return;
        }

        _found.Good("pipeline", $"New deals go to the pipeline \"{Words.Short(pipeline.Get("name").Text(), 100)}\".");
        if (settings.StageId is not { } stageId)
        {
            return;
        }

        var stage = pipeline.Get("_embedded").Get("statuses").Items().FirstOrDefault(s => s.Get("id").Text() == stageId);
        if (stage.ValueKind != JsonValueKind.Object || stage.Get("type").Text() is "1")
        {
            _found.Fail("stage", $"The pipeline has no stage {stageId} that deals can be put into: its leads go to the first one.");
        }
        else
        {
            _found.Good("stage", $"New deals begin at \"{Words.Short(stage.Get("name").Text(), 100)}\".");
        }
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> FieldsAsync(ICallGuard guard, CancellationToken ct)
    {
        cache.Forget();
        var (fields, failure) = await cache.LookAsync(guard, ct).ConfigureAwait(false);
        if (fields is null)
        {
            _found.Fail("fields", $"The lead fields cannot be read. {failure!.Why}");
            return [];
        }

        var before = Missing(fields);
        if (before.Length > 0 && request.Repair)
        {
            await cache.MakeOfPassportAsync(fields, guard, ct).ConfigureAwait(false);
            // Read, not believe: a part may have been refused.
            fields = (await cache.LookAsync(guard, ct).ConfigureAwait(false)).Fields ?? fields;
            cache.Forget();
        }

        var missing = Missing(fields);
        _found.Fields(before, missing, request.Repair, "the login is no administrator's?");
        if (Utm.Where(code => !fields.Has(code)).ToArray() is { Length: > 0 } utm)
        {
            _found.Warn("utm", $"The account has no fields {string.Join(", ", utm)}: these values are left out of its deals.");
        }

        return AmocrmFields.OfPassport.Where(f => fields.Has(f.Code)).Select(f => KeyValuePair.Create(f.Part, f.Code));
    }

    private static string[] Missing(AmocrmFieldSet fields) => [.. AmocrmFields.OfPassport.Where(f => !fields.Has(f.Code)).Select(f => f.Name)];

    private async Task EventsAsync(ICallGuard guard, CancellationToken ct)
    {
        if (request.EventsAddress is not { } ours)
        {
            return;
        }

        var end = await client.GetAsync("webhooks?limit=250", guard, ct).ConfigureAwait(false);
        if (end is not CallEnd.Ok ok)
        {
            _found.Warn("webhooks", $"The webhooks cannot be read: changes in the account are seen by polling. {end.Why}");
            return;
        }

        var hooks = ok.Body.Get("_embedded").Get("webhooks").Items().Where(h => h.Get("destination").Text()?.StartsWith(ours, StringComparison.OrdinalIgnoreCase) == true).ToArray();
        if (hooks.Length == 0)
        {
            _found.Warn("webhooks", "The account tells this service of no changes: they are seen by polling, minutes later.");
        }
        else if (hooks.All(h => h.Get("disabled").Text() is "true"))
        {
            _found.Warn("webhooks", "amoCRM has switched the webhook off after too many failures; only a person can switch it on again. Until then changes are seen by polling.");
        }
        else
        {
            _found.Good("webhooks", "The account tells this service of changes.");
        }
    }
}
