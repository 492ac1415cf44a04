namespace LeadIngest.Resilience.Rig;

/// <summary>Where one run keeps its logs, its ledgers and its database.</summary>
internal sealed class RunFolder
{
    private RunFolder(string root) => (Root, Path) = (root, System.IO.Path.Combine(root, "artifacts", "soak"));

    /// <summary>The repository's root.</summary>
    public string Root { get; }

    public string Path { get; }

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public string Log(string name) => System.IO.Path.Combine(Path, name + ".log");

    public string Ledger(string scenario) => System.IO.Path.Combine(Path, scenario + ".ledger");

    /// <summary>An empty one; that of the run before is gone.</summary>
    public static RunFolder Make()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "LeadIngest.sln"))) continue;
            var made = new RunFolder(folder.FullName);
            if (Directory.Exists(made.Path)) Directory.Delete(made.Path, recursive: true);
            Directory.CreateDirectory(made.Path);
            return made;
        }
        throw new SoakException("LeadIngest.sln is in no folder above this program.");
    }
}
