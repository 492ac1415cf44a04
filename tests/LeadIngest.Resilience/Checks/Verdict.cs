using System.Globalization;
using LeadIngest.Resilience.Load;
using LeadIngest.Resilience.Rig;
using LeadIngest.Resilience.Trouble;

namespace LeadIngest.Resilience.Checks;

/// <summary>Compares what was promised with what is there: the ledger, the database and both CRMs.</summary>
internal static class Verdict
{
    /// <summary>Every acknowledged lead is stored, once, as the one that was acknowledged.</summary>
    public static void OnStore(ScenarioReport report, Ledger ledger, IReadOnlyList<StoredLead> leads)
    {
        var byId = leads.ToDictionary(l => l.Id);
        report.Figure("acknowledged", ledger.Acknowledged.Count);
        report.Figure("in_database", leads.Count);
        report.None("lost", ledger.Acknowledged.Count(a => !byId.TryGetValue(a.Value, out var lead) || lead.Marker != a.Key), "acknowledged leads are not in the database");
        report.None("stored_twice", leads.Where(l => l.Marker is not null).GroupBy(l => l.Marker).Sum(g => g.Count() - 1), "leads are stored more than once");
        report.None("contradictions", ledger.Contradictions, "leads were acknowledged under two ids");
    }

    /// <summary>People who came several times are one client, and a second lead through the same form is a duplicate.</summary>
    public static void OnClients(ScenarioReport report, IReadOnlyList<StoredLead> leads)
    {
        var people = leads.Where(l => l.Phone is not null).GroupBy(l => l.Phone).ToList();
        report.Figure("people", people.Count);
        report.None("people_split", people.Count(p => p.Select(l => l.ClientId).Distinct().Count() > 1), "phones belong to more than one client");
        report.None("clients_joined", leads.Where(l => l.ClientId is not null).GroupBy(l => l.ClientId).Count(c => c.Select(l => l.Phone).Distinct().Count() > 1), "clients hold two phones");
        var wrong = people.SelectMany(p => p.GroupBy(l => l.Form)).Sum(f => Math.Abs(f.Count(l => l.Status != "duplicate") - 1));
        report.None("duplicates_unseen", wrong, "leads are not told apart from duplicates");
        report.Figure("duplicates", leads.Count(l => l.Status == "duplicate"));
    }

    /// <summary>Every stored lead is in the CRM exactly once: as a deal, or, when it is a duplicate, as a note.</summary>
    public static void OnCrm(ScenarioReport report, CrmContents crm, IReadOnlyList<StoredLead> leads, IReadOnlyList<StoredDelivery> deliveries)
    {
        var name = crm.Crm;
        var ours = deliveries.Where(d => d.Crm == name).ToDictionary(d => d.LeadId);
        var deals = crm.Deals.Where(d => d.Lead is not null).ToLookup(d => d.Lead!.Value);
        var notes = crm.Notes.Where(n => n.Lead is not null).ToLookup(n => n.Lead!.Value);
        var wantDeal = leads.Where(l => l.Status != "duplicate").ToList();
        var wantNote = leads.Where(l => l.Status == "duplicate").ToList();
        report.Figure($"{name}.deals", crm.Deals.Count);
        report.Figure($"{name}.notes", crm.Notes.Count);
        report.None($"{name}.undelivered", leads.Count(l => !ours.TryGetValue(l.Id, out var d) || d.State != "delivered"), Undelivered(ours.Values, leads.Count));
        report.None($"{name}.missing", wantDeal.Count(l => !deals[l.Id].Any()), "leads have no deal");
        report.None($"{name}.doubled", deals.Sum(d => d.Count() - 1), "deals are there twice");
        report.None($"{name}.foreign", crm.Deals.Count(d => d.Lead is null || !ours.ContainsKey(d.Lead.Value)), "deals belong to no lead of the database");
        report.None($"{name}.duplicate_deals", wantNote.Count(l => deals[l.Id].Any()), "duplicates became deals");
        report.None($"{name}.notes_missing", wantNote.Count(l => !notes[l.Id].Any()), "duplicates have no note");
        report.None($"{name}.notes_doubled", notes.Sum(n => n.Count() - 1), "notes are there twice");
        OnContacts(report, crm, leads, deals);
    }

    /// <summary>
    /// A person's leads are in the CRM in the order in which they were acknowledged, each after the one before. Deals have their ids, notes theirs; a
    /// deal and a note are told apart by the second.
    /// </summary>
    public static void OnOrder(ScenarioReport report, CrmContents crm, Ledger ledger, IReadOnlyList<StoredLead> leads)
    {
        var cards = crm.Deals.Select(d => (d.Lead, Kind: 0, Number: long.Parse(d.Id, CultureInfo.InvariantCulture), d.Second))
            .Concat(crm.Notes.Select(n => (n.Lead, Kind: 1, Number: long.Parse(n.Id, CultureInfo.InvariantCulture), n.Second)))
            .Where(c => c.Lead is not null).ToLookup(c => c.Lead!.Value);
        var phones = leads.ToDictionary(l => l.Id, l => l.Phone);
        var (compared, wrong) = (0, new List<string>());
        foreach (var person in ledger.InOrder.Select(m => ledger.Acknowledged[m]).Where(phones.ContainsKey).GroupBy(id => phones[id]).Where(p => p.Key is not null))
        {
            var way = person.SelectMany(id => cards[id].Take(1)).ToList();
            for (var i = 1; i < way.Count; i++)
            {
                compared++;
                var (before, after) = (way[i - 1], way[i]);
                if (before.Kind == after.Kind ? after.Number <= before.Number : after.Second < before.Second) wrong.Add($"{after.Lead} before {before.Lead}");
            }
        }
        report.Figure($"{crm.Crm}.neighbours_compared", compared);
        report.None($"{crm.Crm}.out_of_order", wrong.Count, $"leads overtook an earlier one of the same person ({string.Join(", ", wrong.Take(3))})");
    }

    /// <summary>Each end of a token cost one refresh, and no refresh token was used twice but to find out that its answer had died with its process.</summary>
    public static void OnLogins(ScenarioReport report, string crm, Expiries expiries, LoginCounts logins)
    {
        report.Figure($"{crm}.token_ends", expiries.Ends);
        report.Figure($"{crm}.refreshes", logins.Refreshes);
        report.Figure($"{crm}.token_ends_met_by_login", expiries.EndsInLogin);
        report.Figure($"{crm}.aimed_kills", expiries.AimedKills);
        report.Figure($"{crm}.aimed_stops", expiries.AimedStops);
        report.Figure($"{crm}.logins_lost", expiries.Lost);
        report.None($"{crm}.refreshes_off", Math.Abs(logins.Refreshes - (expiries.Ends - expiries.EndsInLogin)), $"refreshes more or fewer than the {expiries.Ends} ends of tokens");
        report.Figure($"{crm}.refresh_tokens_refused", logins.Refused);
        report.None($"{crm}.refresh_tokens_used_twice", logins.Reused, "refresh tokens were used again although their answer had arrived");
        report.None($"{crm}.lost_without_a_kill", expiries.Unexplained.Count, $"stops of the connection have no kill at the moment of a refresh ({string.Join("; ", expiries.Unexplained.Take(3))})");
    }

    private static void OnContacts(ScenarioReport report, CrmContents crm, IReadOnlyList<StoredLead> leads, ILookup<Guid, CrmDeal> deals)
    {
        var clients = leads.GroupBy(l => l.ClientId).ToList();
        report.Figure($"{crm.Crm}.contacts", crm.Contacts);
        report.None($"{crm.Crm}.contacts_over", Math.Abs(crm.Contacts - clients.Count), $"contacts more or fewer than the {clients.Count} clients");
        report.None($"{crm.Crm}.clients_split",
            clients.Count(c => c.SelectMany(l => deals[l.Id]).Select(d => d.Contact).Distinct().Count() > 1), "clients have deals at several contacts");
        report.None($"{crm.Crm}.deals_alone", deals.SelectMany(d => d).Count(d => d.Contact is null or "" or "0"), "deals have no contact");
    }

    private static string Undelivered(IReadOnlyCollection<StoredDelivery> ours, int leads)
    {
        var words = ours.Where(d => d.State != "delivered").GroupBy(d => (d.State, d.LastError)).OrderByDescending(g => g.Count()).Take(3)
            .Select(g => $"{g.Count()} {g.Key.State}: {g.Key.LastError}");
        return $"of {leads} leads are not delivered ({string.Join("; ", words)})";
    }
}
