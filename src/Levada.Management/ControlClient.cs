namespace Levada.Management;

/// <summary>Who connected to the control socket; a feature of its requests.</summary>
/// <param name="Name">An operator, as the audit shows it: local:USER.</param>
/// <param name="From">unix:PROCESS.</param>
internal sealed record ControlClient(string Name, string From);
