using LeadIngest.CrmEmulator;

Emulator.Build(args).Run();
