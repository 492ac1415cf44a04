using System.Text.Json;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Looks at a portal before leads are trusted to it, and makes our fields when it may.</summary>
internal sealed class Bitrix24Check(Bitrix24Client client, ConnectionSettings settings, bool isApplication, CheckRequest request)
{
    /// <summary>The passport's parts that a check may make fields for. Codes of twenty letters at most: older portals take no more.</summary>
    private static readonly (string Part, string Code, string Name)[] OfPassport =
    [
        ("leadId", "UF_CRM_LI_LEAD_ID", "LeadIngest ID"),
        ("source", "UF_CRM_LI_SOURCE", "Источник"),
        ("campaign", "UF_CRM_LI_CAMPAIGN", "Кампания"),
        ("keyword", "UF_CRM_LI_KEYWORD", "Ключевое слово"),
        ("channel", "UF_CRM_LI_CHANNEL", "Канал"),
        ("landingPage", "UF_CRM_LI_LANDING", "Посадочная страница"),
    ];

    private readonly CheckList _found = new();
    private readonly int _card = Bitrix24Cards.CardType(settings);

    private string CardName => _card == 1 ? "lead" : "deal";

    private string Caller => isApplication ? "application" : "webhook";

    public async Task<AccountCheck> RunAsync(ICallGuard guard, CancellationToken ct)
    {
        var answers = await client.BatchAsync(Questions(), halt: false, isRead: true, guard, ct).ConfigureAwait(false);
        if (!Access(answers))
        {
            return _found.Result([]);
        }

        Rights(answers);
        Settings(answers);
        var fields = await FieldsAsync(answers, guard, ct).ConfigureAwait(false);
        Events(answers);
        return _found.Result(fields);
    }

    private Dictionary<string, Bitrix24Command> Questions()
    {
        var questions = new Dictionary<string, Bitrix24Command>
        {
            ["scope"] = new("scope"),
            ["me"] = new("profile"),
            ["mode"] = new("crm.settings.mode.get"),
            ["contact"] = new Bitrix24Command("crm.item.fields").With(3, "entityTypeId"),
            ["card"] = new Bitrix24Command("crm.item.fields").With(_card, "entityTypeId"),
            ["cards"] = new Bitrix24Command("crm.item.list").With(_card, "entityTypeId").With("id", "select", "0").With("-1", "start"),
            ["own"] = new($"crm.{CardName}.userfield.list"),
        };
        if (_card == 2 && settings.PipelineId is not null)
        {
            questions["pipelines"] = new Bitrix24Command("crm.category.list").With(2, "entityTypeId");
        }

        if (settings.StageId is not null)
        {
            var of = _card == 1 ? "STATUS" : settings.PipelineId is > 0 and var id ? $"DEAL_STAGE_{id}" : "DEAL_STAGE";
            questions["stages"] = new Bitrix24Command("crm.status.list").With(of, "filter", "ENTITY_ID");
        }

        if (settings.ResponsibleUserId is { } user)
        {
            questions["user"] = new Bitrix24Command("user.get").With(user, "FILTER", "ID");
        }

        if (isApplication)
        {
            questions["events"] = new("event.get");
        }

        return questions;
    }

    private bool Access(Bitrix24Answers answers)
    {
        switch (answers.Whole)
        {
            case CallEnd.Ok:
                _found.Good("reachable", "The portal can be read.");
                _found.Good("credentials", $"The {Caller} is accepted.");
                _found.Good("paid", "REST is switched on in the portal's plan.");
                return true;
            case CallEnd.CredentialsRefused:
                _found.Fail("credentials", $"{answers.Whole.Why} {(isApplication ? "Install the application anew, or connect again." : "Make a new inbound webhook and enter its address.")}");
                return false;
            case CallEnd.AccountBlocked:
                _found.Fail("account", answers.Whole.Why);
                return false;
            default:
                _found.Fail("reachable", $"The portal cannot be read. {answers.Whole.Why}");
                return false;
        }
    }

    private void Rights(Bitrix24Answers answers)
    {
        if (answers.Of("scope") is CallEnd.Ok scope)
        {
            var scopes = scope.Body.Items().Select(s => ((JsonElement?)s).Text()).OfType<string>().ToArray();
            if (!scopes.Contains("crm"))
            {
                _found.Fail("scopes", $"The {Caller} has no scope crm: give it that right.");
            }
            else if (isApplication && !scopes.Contains("telephony"))
            {
                _found.Warn("scopes", "The application has no scope telephony: calls are kept as activities instead of in the portal's own list of calls.");
            }
            else
            {
                _found.Good("scopes", $"The {Caller} may use: {Words.Short(string.Join(", ", scopes), 200)}.");
            }
        }

        var sound = true;
        foreach (var (key, name) in new[] { ("contact", "contacts"), ("card", $"{CardName}s"), ("cards", $"the list of {CardName}s") })
        {
            if (answers.Of(key) is var end && end is not CallEnd.Ok)
            {
                sound = false;
                _found.Fail("rights", $"The {Caller}'s user cannot work with {name}. {end.Why}");
            }
        }

        if (sound)
        {
            _found.Good("rights", answers.Of("me") is CallEnd.Ok me && me.Body.Get("ADMIN").Text() is "true"
                ? $"The {Caller}'s user is an administrator."
                : $"The {Caller}'s user must be allowed to read all contacts and {CardName}s, or what was delivered may look absent.");
        }
    }

    private void Settings(Bitrix24Answers answers)
    {
        if (_card == 1 && answers.Of("mode") is CallEnd.Ok mode && mode.Body.Text() == "2")
        {
            _found.Fail("entity", "The portal works without leads (simple CRM): set the connection to deals.");
        }

        if (_card == 2 && settings.PipelineId is { } pipeline && answers.Of("pipelines") is CallEnd.Ok pipelines)
        {
            Named("pipeline", pipelines.Body.Get("categories").Items().FirstOrDefault(c => c.Get("id").Text() == $"{pipeline}").Get("name").Text(),
                name => $"New deals go to the pipeline \"{name}\".", $"The portal has no pipeline {pipeline}, or it is hidden from the {Caller}'s user.");
        }

        if (settings.StageId is { } stage && answers.Of("stages") is CallEnd.Ok stages)
        {
            Named("stage", stages.Body.Items().FirstOrDefault(s => s.Get("STATUS_ID").Text() == stage).Get("NAME").Text(),
                name => $"New {CardName}s begin at \"{name}\".", $"There is no stage {stage} in that pipeline.");
        }

        if (settings.ResponsibleUserId is { } user)
        {
            if (answers.Of("user") is CallEnd.Ok users)
            {
                var found = users.Body.Items().FirstOrDefault(u => u.Get("ID").Text() == $"{user}");
                Named("responsible", found.Get("ACTIVE").Text() is "false" ? null : found.Get("NAME").Text() ?? found.Get("ID").Text(),
                    name => $"New {CardName}s go to {name}.", $"The responsible user {user} is not an active user of the portal.");
            }
            else
            {
                _found.Warn("responsible", $"Whether the responsible user {user} is active cannot be seen: the {Caller} lacks the scope user.");
            }
        }
    }

    private void Named(string item, string? name, Func<string, string> good, string bad)
    {
        if (name is null)
        {
            _found.Fail(item, bad);
        }
        else
        {
            _found.Good(item, good(Words.Short(name, 100)));
        }
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> FieldsAsync(Bitrix24Answers answers, ICallGuard guard, CancellationToken ct)
    {
        if (answers.Of("card") is CallEnd.Ok { Body: { } body } && body.Get("fields") is { } fields && fields.Get("utmSource") is null)
        {
            _found.Warn("utm", "The portal shows no UTM fields: source and campaign go to the comments only.");
        }

        if (answers.Of("own") is not CallEnd.Ok own)
        {
            _found.Warn("fields", $"The portal's own fields cannot be read. {answers.Of("own").Why}");
            return [];
        }

        var there = Codes(own);
        var before = OfPassport.Where(f => !there.Contains(f.Code)).ToArray();
        if (before.Length > 0 && request.Repair)
        {
            await client.BatchAsync(before.Index().ToDictionary(f => $"f{f.Index}", f => Make(f.Item.Code, f.Item.Name)), halt: false, isRead: false, guard, ct).ConfigureAwait(false);
            // Read, not believe: a part may have been refused.
            var again = await client.BatchAsync(new Dictionary<string, Bitrix24Command> { ["own"] = new($"crm.{CardName}.userfield.list") },
                halt: false, isRead: true, guard, ct).ConfigureAwait(false);
            there = again.Of("own") is CallEnd.Ok now ? Codes(now) : there;
        }

        _found.Fields([.. before.Select(f => f.Name)], [.. OfPassport.Where(f => !there.Contains(f.Code)).Select(f => f.Name)], request.Repair,
            $"the {Caller}'s user is no administrator?");
        return OfPassport.Where(f => there.Contains(f.Code)).Select(f => KeyValuePair.Create(f.Part, f.Code));
    }

    private static HashSet<string> Codes(CallEnd.Ok own) =>
        own.Body.Items().Select(f => f.Get("FIELD_NAME").Text()).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A text that people see and search for but do not edit.</summary>
    private Bitrix24Command Make(string code, string name) => new Bitrix24Command($"crm.{CardName}.userfield.add")
        .With(code["UF_CRM_".Length..], "fields", "FIELD_NAME")
        .With("string", "fields", "USER_TYPE_ID")
        .With(code, "fields", "XML_ID")
        .With(name, "fields", "LABEL")
        .With("N", "fields", "MULTIPLE")
        .With("N", "fields", "MANDATORY")
        .With("Y", "fields", "SHOW_FILTER")
        .With("N", "fields", "EDIT_IN_LIST");

    private void Events(Bitrix24Answers answers)
    {
        if (request.EventsAddress is not { } ours)
        {
            return;
        }

        if (!isApplication)
        {
            _found.Good("webhooks", "An inbound webhook cannot see the portal's outgoing webhooks; changes are seen by polling as well.");
        }
        else if (answers.Of("events") is CallEnd.Ok events && events.Body.Items().Any(e => e.Get("handler").Text()?.StartsWith(ours, StringComparison.OrdinalIgnoreCase) == true))
        {
            _found.Good("webhooks", "The portal tells this service of changes.");
        }
        else
        {
            _found.Warn("webhooks", "The portal tells this service of no changes: they are seen by polling, minutes later.");
        }
    }
}
