using System.Text;
using LeadIngest.Crm.Amocrm;
using LeadIngest.Crm.Bitrix24;

namespace LeadIngest.Crm.Failures;

/// <summary>The tables for people: docs/failures.md is exactly this text, a test compares them.</summary>
internal static class FailureDocument
{
    private static readonly (string Title, IReadOnlyList<Failure> Rows)[] Tables =
        [("Without an answer", TransportFailures.All), ("Without a token", LoginFailures.All), ("amoCRM", AmocrmErrors.All), ("Bitrix24", Bitrix24Errors.All), ("The deal of a note or a call", DealFailures.All)];

    public static IEnumerable<Failure> All => Tables.SelectMany(t => t.Rows);

    public static string Text()
    {
        var text = new StringBuilder("""
            # How a call to a CRM can end

            Every end has one row, and every row one reaction. Printed from the tables that the service works by (`src/LeadIngest.Crm/Failures`); a test compares
            them, and another plays every fault and every state of the emulated CRMs against them.


            """);
        foreach (var (title, rows) in Tables)
        {
            text.Append($"## {title}\n\n| What | How it looks | What is done |\n| --- | --- | --- |\n");
            foreach (var row in rows)
            {
                text.Append($"| `{row.Key}` | {row.Seen} | {Reaction(row.Meaning)} |\n");
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Reaction(Meaning meaning) => meaning switch
    {
        Meaning.Done => "delivered, if the answer names what was made; else looked up",
        Meaning.NotExecuted => "nothing was done: sent again, no attempt spent",
        Meaning.Rate => "the account waits as long as it was told, no attempt spent",
        Meaning.MethodRate => "commands of this method wait until `operating_reset_at`, others go on",
        Meaning.Expired => "the login is refreshed once and the call repeated; else `needs_reauth`, leads wait",
        Meaning.Credentials => "`needs_reauth`: leads wait for new credentials; alert",
        Meaning.Unpaid => "`blocked`: leads wait, one is tried after 15 min, then at growing intervals up to 6 h; goes on by itself; alert",
        Meaning.Blocked => "`blocked`: leads wait until a person resumes; alert",
        Meaning.Elsewhere => "looked for under its new name; else `blocked`, leads wait; alert",
        Meaning.Closed => "a repeat goes into another open deal of the client, else becomes a new deal, with a warning; duplicates and calls stay in it",
        Meaning.Merged => "notes and calls follow, with a warning; the surviving deal's id is remembered",
        Meaning.Deleted => "a duplicate becomes a new deal, a repeat goes into another open deal or becomes one, a call is entered at the contact or, without one, left out; with a warning",
        Meaning.Unknown => "in doubt: looked up by our id before anything is sent again",
        _ => "the refused field is left out with a warning; when nothing can be left out the lead is `dead` in the CRM's words, alone",
    };
}
