using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Deals;
using LeadIngest.Crm.Http;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>One lead while it is being sent, and what became of it.</summary>
internal sealed class Bitrix24Item : IDealItem
{
    public Bitrix24Item(OutgoingLead lead, RoutingDecision route)
    {
        (Lead, Route) = (lead, route);
        Steps = new Dictionary<string, string>(lead.Steps);
        ContactId = lead.ContactId ?? lead.Steps.GetValueOrDefault(Step.Contact);
        IsContactSure = ContactId is null;
    }

    public OutgoingLead Lead { get; }

    /// <summary>Where it goes in the portal, less what the portal refused.</summary>
    public RoutingDecision Route { get; set; }

    public List<string> Warnings { get; } = [];
    public Dictionary<string, string> Steps { get; }

    IReadOnlyDictionary<string, string> IDealItem.Steps => Steps;

    /// <summary>Null until a contact is known or made.</summary>
    public string? ContactId { get; private set; }

    /// <summary>
    /// False for a contact from before this sending until it was looked at. A person may have removed it, and the portal would link the
    /// deal to nothing without a word: the phone would be lost.
    /// </summary>
    public bool IsContactSure { get; private set; }

    /// <summary>The portal would not take the address; it goes into the comments.</summary>
    public bool WithoutEmail { get; private set; }

    /// <summary>Null while the item still has to be sent.</summary>
    public DeliveryOutcome? Outcome { get; private set; }

    public bool IsNote => Lead.Kind == OutgoingKind.Note;

    public bool IsCall => Lead.Kind == OutgoingKind.Call;

    public bool NeedsContact => !IsNote && ContactId is null;

    public void End(CallEnd end) => Outcome = end.ToDelivery(Steps, Warnings);

    public void End(DeliveryOutcome outcome) => Outcome = outcome.Following(Steps, Warnings);

    /// <summary>
    /// How the call's own entry ended. A lead that is in the portal is not lost for an entry that is refused for good, be it the call or the right to enter
    /// calls; one whose fate is open keeps the lead open, and only the entry is sent again.
    /// </summary>
    /// <param name="end">The end of the command.</param>
    /// <param name="isAnswered">The portal answered the batch: a refusal is this command's alone.</param>
    public void EndEntry(CallEnd end, bool isAnswered)
    {
        if (!IsRefusal(end, isAnswered))
        {
            End(end);
        }
        else if (Lead.EntryContactId is not null)
        {
            End(DealCourse.WithoutContact(Lead, end.Why));
        }
        else if (IsCall)
        {
            End(new CallEnd.Data(end.Why, []));
        }
        else
        {
            Warnings.Add($"The call could not be entered into the card. {end.Why}");
            End(new CallEnd.Ok(null));
        }
    }

    public static bool IsRefusal(CallEnd end, bool isAnswered) =>
        end is CallEnd.Data || (isAnswered && end is CallEnd.CredentialsRefused or CallEnd.AccountBlocked);

    public void GotContact(string id) => Steps[Step.Contact] = ContactId = id;

    /// <summary>The contact is gone from the portal: a new one is to be made.</summary>
    public void LoseContact()
    {
        Warnings.Add($"The CRM has no contact {ContactId} any more: a new one was made.");
        Steps.Remove(Step.Contact);
        (ContactId, IsContactSure) = (null, true);
    }

    /// <param name="userId">Who answers for the contact, when it is known.</param>
    public void KeepContact(int? userId)
    {
        IsContactSure = true;
        if (Route.KeepsPrevious && userId is > 0)
        {
            Route = Route with { ResponsibleUserId = userId };
        }
    }

    /// <summary>The contact was refused: once more without the address that may be why, else for good.</summary>
    public void RefuseContact(CallEnd.Data refusal)
    {
        // A required field that we do not send cannot be mended by leaving something out.
        if (refusal.Errors is [{ Code: "CRM_FIELD_ERROR_REQUIRED" }])
        {
            End(refusal);
        }
        else if (!WithoutEmail && LeadCard.Email(Lead) is not null)
        {
            WithoutEmail = true;
            Warnings.Add($"The CRM did not take the e-mail ({Words.Short(refusal.Why, 200)}): it was moved to the comments.");
        }
        else
        {
            RefuseSettings(refusal);
        }
    }

    /// <summary>The card was refused: once more without the settings (a lead: without the address) that may be why, else for good.</summary>
    public void RefuseCard(CallEnd.Data refusal, ConnectionSettings settings)
    {
        if (settings.Entity == "lead" && !WithoutEmail && LeadCard.Email(Lead) is not null)
        {
            RefuseContact(refusal);
        }
        else
        {
            RefuseSettings(refusal);
        }
    }

    // The words are in the portal's language, but mostly name the field: then that one is left out, else everything that a card can go without.
    private void RefuseSettings(CallEnd.Data refusal)
    {
        if (!Route.IsParticular)
        {
            End(refusal);
            return;
        }

        var (what, left) = refusal.Why switch
        {
            var why when Names(why, "stageId", "STAGE_ID", "STATUS_ID") && Route.StageId is not null => ("stage", Route with { StageId = null }),
            var why when Names(why, "categoryId", "CATEGORY_ID") && Route.PipelineId is not null => ("pipeline", Route with { PipelineId = null, StageId = null }),
            var why when Names(why, "assignedById", "ASSIGNED_BY_ID") && Route.ResponsibleUserId is not null => ("responsible user", Route with { ResponsibleUserId = null, KeepsPrevious = false }),
            var why when Route.Fields.FirstOrDefault(f => Names(why, f.Key, Bitrix24Cards.UniversalName(f.Key))) is { Key: { } field } =>
                ($"value of {field}", Route with { Fields = [.. Route.Fields.Where(f => f.Key != field)] }),
            _ => ("pipeline, stage, responsible user and fields of the rules", Route with { PipelineId = null, StageId = null, ResponsibleUserId = null, KeepsPrevious = false, Fields = [] }),
        };
        Warnings.Add($"The CRM did not take the {what} ({Words.Short(refusal.Why, 200)}): left out.");
        Route = left;
    }

    private static bool Names(string why, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (why.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
