using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>Looks at a portal before leads are trusted to it.</summary>
internal static class Bitrix24Check
{
    public static async Task<AccountCheck> RunAsync(Bitrix24Client client, ConnectionSettings settings, ICallGuard guard, CancellationToken ct)
    {
        var card = Bitrix24Cards.CardType(settings);
        var answers = await client.BatchAsync(
            new Dictionary<string, Bitrix24Command>
            {
                ["scope"] = new("scope"),
                ["mode"] = new("crm.settings.mode.get"),
                ["contact"] = new Bitrix24Command("crm.item.fields").With(3, "entityTypeId"),
                ["card"] = new Bitrix24Command("crm.item.fields").With(card, "entityTypeId"),
                ["cards"] = new Bitrix24Command("crm.item.list").With(card, "entityTypeId").With("id", "select", "0").With("-1", "start"),
            },
            halt: false, isRead: true, guard, ct).ConfigureAwait(false);
        if (answers.Whole is not CallEnd.Ok)
        {
            return new AccountCheck(false, [$"The portal cannot be read. {answers.Whole.Why}"]);
        }

        var problems = new List<string>();
        var notes = new List<string>();
        if (answers.Of("scope") is CallEnd.Ok scope && !scope.Body.Items().Any(s => ((System.Text.Json.JsonElement?)s).Text() == "crm"))
        {
            problems.Add("The webhook has no scope crm: make one with that right.");
        }

        foreach (var (key, name) in new[] { ("contact", "contacts"), ("card", "deals or leads"), ("cards", "the list of deals or leads") })
        {
            if (answers.Of(key) is var end && end is not CallEnd.Ok)
            {
                problems.Add($"The webhook's user cannot work with {name}. {end.Why}");
            }
        }

        if (card == 1 && answers.Of("mode") is CallEnd.Ok mode && mode.Body.Text() == "2")
        {
            problems.Add("The portal works without leads (simple CRM): set the connection to deals.");
        }

        if (answers.Of("card") is CallEnd.Ok { Body: { } body } && body.Get("fields") is { } fields && fields.Get("utmSource") is null)
        {
            notes.Add("The portal shows no UTM fields: source and campaign go to the comments only.");
        }

        notes.Add("The portal can be read.");
        notes.Add("The webhook's user must be allowed to read all contacts and deals, or what was delivered may look absent.");
        return new AccountCheck(problems.Count == 0, [.. problems, .. notes]);
    }
}
