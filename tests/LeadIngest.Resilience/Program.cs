using System.Runtime.InteropServices;
using LeadIngest.Resilience;
using LeadIngest.Resilience.Rig;

// Exit code 0: every promise was kept; 1: some were broken; 2: the soak itself could not run; 130: stopped by hand.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
AppDomain.CurrentDomain.ProcessExit += (_, _) => ChildProcess.KillAll();
AppDomain.CurrentDomain.UnhandledException += (_, _) => ChildProcess.KillAll();

var options = SoakOptions.Read();
Console.WriteLine($"{(options.Smoke ? "Short" : "Full")} soak, SEED={options.Seed}");
try
{
    var folder = RunFolder.Make();
    bool kept;
    await using (var postgres = await PostgresUnderTest.StartAsync(folder.Postgres, stop.Token))
        kept = await new SoakRun(options, folder, postgres).PlayAsync(Console.Out, stop.Token);
    // Hundreds of megabytes that nobody would read; the logs and ledgers stay.
    if (kept) Directory.Delete(folder.Postgres, recursive: true);
    return kept ? 0 : 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.WriteLine("Stopped.");
    return 130;
}
catch (SoakException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
finally
{
    ChildProcess.KillAll();
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
