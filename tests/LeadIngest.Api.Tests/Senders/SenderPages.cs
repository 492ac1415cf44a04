using System.Text.RegularExpressions;

namespace LeadIngest.Api.Tests.Senders;

/// <summary>The pages of api-spec/senders, and the samples on them.</summary>
internal static partial class SenderPages
{
    private static readonly string Folder = Path.Combine(Root(), "api-spec", "senders");

    public static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name + ".md"));

    public static bool Exists(string name) => File.Exists(Path.Combine(Folder, name + ".md"));

    /// <summary>The body under "Sample", and the content type that stands above it.</summary>
    public static (string Body, string ContentType) Sample(string name)
    {
        var match = Fence().Match(Read(name).ReplaceLineEndings("\n"));
        Assert.True(match.Success, $"{name}.md has no sample");
        return (match.Groups["body"].Value.Trim(), match.Groups["type"].Value);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("""## Sample\n+`Content-Type: (?<type>[^`]+)`\n+```[a-z]*\n(?<body>.*?)\n```""", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
