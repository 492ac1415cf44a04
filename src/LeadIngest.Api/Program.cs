using LeadIngest.Api;

return await Commands.RunAsync(args);
