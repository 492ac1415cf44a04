namespace LeadIngest.Core.Passports;

/// <summary>What was wrong with one tag as received. Each becomes one warning, <c>fault_name: tag_name</c>.</summary>
[Flags]
internal enum Faults
{
    None = 0,
    MacroUnsubstituted = 1 << 0,
    Windows1251 = 1 << 1,
    DoubleEncoding = 1 << 2,
    Mojibake = 1 << 3,
    JsEscape = 1 << 4,
    TruncatedEncoding = 1 << 5,
    InvalidEncoding = 1 << 6,
    Spaces = 1 << 7,
    HtmlEscaped = 1 << 8,
    LookAlike = 1 << 9,
    NameTypo = 1 << 10,
    ArrayName = 1 << 11,
    DuplicateParam = 1 << 12,
    Placeholder = 1 << 13,
    Empty = 1 << 14,
    Case = 1 << 15,
    Truncated = 1 << 16,
    EncodedTooDeep = 1 << 17,
    NotComposed = 1 << 18,
    Lossy = 1 << 19,
}

internal static class FaultWarnings
{
    private static readonly (Faults Fault, string Name)[] Names =
    [
        (Faults.MacroUnsubstituted, "macro_unsubstituted"),
        (Faults.Windows1251, "windows_1251"),
        (Faults.DoubleEncoding, "double_encoding"),
        (Faults.Mojibake, "mojibake"),
        (Faults.JsEscape, "js_escape"),
        (Faults.TruncatedEncoding, "truncated_encoding"),
        (Faults.InvalidEncoding, "invalid_encoding"),
        (Faults.Spaces, "spaces"),
        (Faults.HtmlEscaped, "html_escaped"),
        (Faults.LookAlike, "look_alike"),
        (Faults.NameTypo, "name_typo"),
        (Faults.ArrayName, "array_param"),
        (Faults.DuplicateParam, "duplicate_param"),
        (Faults.Placeholder, "placeholder"),
        (Faults.Empty, "empty_param"),
        (Faults.Case, "case"),
        (Faults.Truncated, "truncated"),
        (Faults.EncodedTooDeep, "encoded_too_deep"),
        (Faults.NotComposed, "not_composed"),
        (Faults.Lossy, "replacement_characters"),
    ];

    /// <summary>Adds one warning for each fault; a warning that stands in the list already is not repeated.</summary>
    internal static void AddTo(List<string> warnings, Faults faults, string subject)
    {
        if (faults == Faults.None)
            return;
        foreach (var (fault, name) in Names)
            if ((faults & fault) != 0)
                AddOnce(warnings, $"{name}: {subject}");
    }

    internal static void AddOnce(List<string> warnings, string warning)
    {
        if (!warnings.Contains(warning))
            warnings.Add(warning);
    }
}
