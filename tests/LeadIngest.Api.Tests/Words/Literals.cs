using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadIngest.Api.Tests.Words;

/// <summary>A text in the source code.</summary>
/// <param name="File">From <c>src</c> on.</param>
/// <param name="Line">The whole line that it stands in.</param>
/// <param name="Text">As it comes out, with <c>{}</c> for what is filled in.</param>
internal sealed partial record Literal(string File, string Line, string Text)
{
    private const char Hole = '\u0001';

    /// <summary>The text with something in its places.</summary>
    public string Filled => Text.Replace(Hole.ToString(), "x", StringComparison.Ordinal);

    /// <summary>Whatever the text may come out as, as a part of something longer.</summary>
    public Regex Shape => new(Regex.Escape(Text).Replace(Hole.ToString(), ".+", StringComparison.Ordinal));

    public static string Sources { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", "..", "src"));

    /// <summary>All texts of the C# files in a folder or of one file, comments and raw literals aside.</summary>
    public static IEnumerable<Literal> Of(string path)
    {
        var full = Path.Combine(Sources, path);
        var files = System.IO.File.Exists(full) ? [full] : Directory.EnumerateFiles(full, "*.cs", SearchOption.AllDirectories).Where(f => !Built().IsMatch(f));
        return files.Order(StringComparer.Ordinal).SelectMany(f => In(System.IO.File.ReadAllText(f)).Select(l => new Literal(Path.GetRelativePath(Sources, f), l.Line, l.Text)));
    }

    private static IEnumerable<(string Line, string Text)> In(string code)
    {
        for (var token = Token().Match(code); token.Success;)
        {
            var at = token.Index + token.Length;
            if (token.Groups["open"].Success)
            {
                var text = Read(code, at, token.Groups["open"].Value, out at);
                var end = code.IndexOf('\n', token.Index);
                yield return (code[(code.LastIndexOf('\n', token.Index) + 1)..(end < 0 ? code.Length : end)], text);
            }
            token = Token().Match(code, at);
        }
    }

    private static string Read(string code, int at, string open, out int end)
    {
        var text = new StringBuilder();
        var isFilled = open.Contains('$', StringComparison.Ordinal);
        for (; code[at] != '"'; at++)
            if (code[at] == '\\' && !open.Contains('@', StringComparison.Ordinal)) text.Append(code[++at]);
            else if (isFilled && code[at] is '{' or '}' && isFilled && code[at + 1] == code[at]) text.Append(code[at++]);
            else if (isFilled && code[at] == '{')
            {
                at = AfterHole(code, at) - 1;
                text.Append(Hole);
            }
            else text.Append(code[at]);
        end = at + 1;
        return text.ToString();
    }

    private static int AfterHole(string code, int at)
    {
        for (var depth = 0; ; at++)
            if (code[at] == '{') depth++;
            else if (code[at] == '}' && --depth == 0) return at + 1;
            else if (code[at] == '"')
                while (code[++at] != '"')
                    if (code[at] == '\\') at++;
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    // Comments, raw literals and characters are passed over whole; what remains opens a text.
    [GeneratedRegex(""""//[^\n]*|/\*.*?\*/|\$*""".*?"""|'(\\.[0-9a-fA-F]*|[^'\\])'|(?<open>[$@]*")"""", RegexOptions.Singleline)]
    private static partial Regex Token();

    [GeneratedRegex(@"[\\/](bin|obj)[\\/]")]
    private static partial Regex Built();
}
