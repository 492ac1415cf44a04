using LeadIngest.Crm.Cards;
using LeadIngest.Crm.Http;

namespace LeadIngest.Crm.Bitrix24;

/// <summary>One lead while it is being sent, and what became of it.</summary>
internal sealed class Bitrix24Item
{
    public Bitrix24Item(OutgoingLead lead)
    {
        Lead = lead;
        Steps = new Dictionary<string, string>(lead.Steps);
        ContactId = lead.ContactId ?? lead.Steps.GetValueOrDefault(Step.Contact);
        IsContactSure = ContactId is null;
    }

    public OutgoingLead Lead { get; }
    public List<string> Warnings { get; } = [];
    public Dictionary<string, string> Steps { get; }

    /// <summary>Null until a contact is known or made.</summary>
    public string? ContactId { get; private set; }

    /// <summary>
    /// False for a contact from before this sending until it was looked at. A person may have removed it, and the portal would link the
    /// deal to nothing without a word: the phone would be lost.
    /// </summary>
    public bool IsContactSure { get; private set; }

    /// <summary>The portal would not take the address; it goes into the comments.</summary>
    public bool WithoutEmail { get; private set; }

    /// <summary>The portal would not take the deal; it goes without pipeline, stage and responsible user.</summary>
    public bool WithoutSettings { get; private set; }

    /// <summary>Null while the item still has to be sent.</summary>
    public DeliveryOutcome? Outcome { get; private set; }

    public bool IsNote => Lead.Kind == OutgoingKind.Note;

    public bool IsCall => Lead.Kind == OutgoingKind.Call;

    public bool NeedsContact => !IsNote && ContactId is null;

    public void End(CallEnd end) => Outcome = end.ToDelivery(Steps, Warnings);

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

    public void KeepContact() => IsContactSure = true;

    /// <summary>The contact was refused: once more without the address that may be why, else for good.</summary>
    public void RefuseContact(CallEnd.Data refusal, ConnectionSettings settings)
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
            RefuseSettings(refusal, settings);
        }
    }

    /// <summary>The card was refused: once more without the settings (a lead: without the address) that may be why, else for good.</summary>
    public void RefuseCard(CallEnd.Data refusal, ConnectionSettings settings)
    {
        if (settings.Entity == "lead" && !WithoutEmail && LeadCard.Email(Lead) is not null)
        {
            RefuseContact(refusal, settings);
        }
        else
        {
            RefuseSettings(refusal, settings);
        }
    }

    private void RefuseSettings(CallEnd.Data refusal, ConnectionSettings settings)
    {
        var any = settings is not { PipelineId: null, StageId: null, ResponsibleUserId: null };
        if (any && !WithoutSettings)
        {
            WithoutSettings = true;
            Warnings.Add($"The CRM did not take the pipeline, stage or responsible user of the connection ({Words.Short(refusal.Why, 200)}): they were left out.");
        }
        else
        {
            End(refusal);
        }
    }
}
