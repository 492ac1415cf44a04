using LeadIngest.Crm.Failures;

namespace LeadIngest.Crm.Http;

/// <summary>
/// The calls of one account, each with the access of the moment. A token that is refused, or an account that has moved, means that nothing was done:
/// the call goes once more with what is right now. After that the CRM's answer stands.
/// </summary>
internal sealed class AccessedCalls(CrmPipeline pipeline, ICrmTokens tokens)
{
    public string Mask(string text) => pipeline.Mask(text);

    /// <param name="make">The call for an access; Bitrix24 carries the token in the body.</param>
    /// <param name="guard">Asked before the bytes go out.</param>
    /// <param name="ct">The caller's.</param>
    public async Task<CallEnd> SendAsync(Func<AccessOutcome.Access, CrmCall> make, ICallGuard guard, CancellationToken ct)
    {
        if (!guard.MayCall)
        {
            return TransportFailures.LeaseLost.End("lease lost");
        }

        var (renewed, moved) = (false, false);
        var outcome = await tokens.GetAsync(ct).ConfigureAwait(false);
        for (CallEnd? last = null; ;)
        {
            if (outcome is not AccessOutcome.Access access)
            {
                return outcome switch
                {
                    AccessOutcome.Refused refused => LoginFailures.Refused.End(pipeline.Mask(refused.Why)),
                    AccessOutcome.Blocked blocked => (blocked.MayPass ? LoginFailures.Unpaid : LoginFailures.Blocked).End(pipeline.Mask(blocked.Why)),
                    AccessOutcome.Unavailable wait => LoginFailures.NotNow.End(pipeline.Mask(wait.Why), wait.After),
                    _ => last ?? LoginFailures.NotNow.End("There is no access to the account."),
                };
            }

            pipeline.Hide(access.Token);
            var call = make(access);
            last = await pipeline.SendAsync(call, guard, ct).ConfigureAwait(false);
            if (last is CallEnd.CredentialsRefused { IsStale: true } && !renewed)
            {
                renewed = true;
                outcome = await tokens.RefreshAsync(access.Token, ct).ConfigureAwait(false);
            }
            else if (last is CallEnd.AccountBlocked { IsElsewhere: true } elsewhere && !moved)
            {
                moved = true;
                outcome = await tokens.MovedAsync(access.BaseAddress, BaseOf(elsewhere.Location, access.BaseAddress, call.Path), ct).ConfigureAwait(false);
            }
            else
            {
                return last;
            }
        }
    }

    /// <summary>The address that further calls start from, when the CRM pointed from our call to the same call elsewhere.</summary>
    private static Uri? BaseOf(Uri? location, Uri from, string path)
    {
        if (location is null)
        {
            return null;
        }

        var to = location.IsAbsoluteUri ? location : new Uri(from, location);
        var end = "/" + path.Split('?')[0];
        var trimmed = to.AbsolutePath.TrimEnd('/');
        return trimmed.EndsWith(end, StringComparison.OrdinalIgnoreCase)
            ? new Uri(to.GetLeftPart(UriPartial.Authority) + trimmed[..^(end.Length - 1)])
            : null;
    }
}
