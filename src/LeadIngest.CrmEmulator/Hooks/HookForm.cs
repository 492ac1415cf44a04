using System.Text;

namespace LeadIngest.CrmEmulator.Hooks;

/// <summary>A urlencoded body, keys percent-encoded too, as both CRMs send it.</summary>
internal sealed class HookForm(StringBuilder text)
{
    public void Add(string key, string value)
    {
        if (text.Length > 0)
            text.Append('&');
        text.Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value));
    }

    public override string ToString() => text.ToString();
}
