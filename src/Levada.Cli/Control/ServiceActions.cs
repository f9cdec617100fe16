using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Levada.Cli.Control;

/// <summary>
/// The process of a broker on this machine: stopped, waited for; and its doors closed and opened. By rabbitmqctl's
/// names.
/// </summary>
internal static partial class ServiceActions
{
    private const int Terminate = 15;
    private const int NoSuchProcess = 3;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("stop", "Stops the broker on this machine in order, and waits until it is gone.", ["[PIDFILE]"], async i =>
        {
            i.Say($"Stopping and halting node {await i.NodeAsync()} ...");
            var pid = i.Optional("PIDFILE") is { } file ? ReadPid(file) : await PidAsync(i);
            await StopAsync(i, pid);
        }),
        new("shutdown", "The same.", [], async i =>
        {
            var (node, pid) = (await i.NodeAsync(), await PidAsync(i));
            i.Say($"Shutting down Levada node {node} running at PID {pid}");
            await StopAsync(i, pid);
            i.Tell($"Levada node {node} running at PID {pid} successfully shut down");
        })
        {
            Flags = [("--wait", "It always waits."), ("--no-wait", "Returns at once.")],
        },
        new("wait", "Waits until the broker whose process id a file holds has started.", ["PIDFILE"], WaitAsync),
        new("suspend_listeners", "Takes no new AMQP connections; those that are there go on.", [], async i =>
        {
            i.Say($"Will suspend client connection listeners on node {await i.NodeAsync()}. "
                + "The node will no longer accept client connections!");
            await i.PutAsync("/api/listeners/suspend");
        }),
        new("resume_listeners", "Takes new AMQP connections again.", [], async i =>
        {
            i.Say($"Will resume client connection listeners on node {await i.NodeAsync()}. "
                + "The node will now accept client connections");
            await i.PutAsync("/api/listeners/resume");
        }),
    ];

    // Only through a socket is it certain to be a process of this machine.
    private static async Task<int> PidAsync(ActionInput i)
    {
        if (!i.Api.IsLocal)
        {
            throw new ControlException(
                ControlExit.Usage,
                "this stops a broker on the same machine: give --socket PATH, its control.sock, or use what runs it");
        }
        var node = (await i.Api.GetAsync("/api/nodes"))[0];
        return int.Parse(node.GetProperty("os_pid").GetString()!, CultureInfo.InvariantCulture);
    }

    private static async Task StopAsync(ActionInput i, int pid)
    {
        if (i.Api.IsDryRun)
        {
            Console.Out.WriteLine($"would end process {pid}");
            return;
        }
        if (Kill(pid, Terminate) != 0)
        {
            if (Marshal.GetLastPInvokeError() == NoSuchProcess)
                return;
            throw new ControlException(
                ControlExit.Refused, $"may not end process {pid}: ask as the user that it runs as, or as root");
        }
        if (!i.FlagOr("--no-wait"))
            await GoneAsync(i, pid);
    }

    private static async Task GoneAsync(ActionInput i, int pid)
    {
        var since = Stopwatch.GetTimestamp();
        while (IsAlive(pid))
        {
            if (i.Api.Patience is { } patience && Stopwatch.GetElapsedTime(since) > patience)
            {
                throw new ControlException(
                    ControlExit.TimedOut,
                    $"process {pid} has not ended in {patience.TotalSeconds:0.#} s; it still closes clients and files");
            }
            await Task.Delay(Step);
        }
    }

    private static async Task WaitAsync(ActionInput i)
    {
        var (file, since) = (i["PIDFILE"], Stopwatch.GetTimestamp());
        i.Say($"Waiting for pid file '{file}' to appear");
        while (!File.Exists(file))
        {
            if (i.Api.Patience is { } patience && Stopwatch.GetElapsedTime(since) > patience)
                throw new ControlException(ControlExit.TimedOut, $"there is no file {file}");
            await Task.Delay(Step);
        }
        var pid = ReadPid(file);
        i.Say($"pid is {pid}");
        if (!IsAlive(pid))
            throw new ControlException(ControlExit.NotWell, $"process {pid} is not running");
        await HealthActions.AwaitStartupAsync(i);
    }

    private static int ReadPid(string file)
    {
        try
        {
            return int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid) && pid > 0
                ? pid
                : throw new ControlException(ControlExit.BadData, $"{file} holds no process id");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlException(ControlExit.BadData, e.Message);
        }
    }

    // Signal 0 only asks. A process of somebody else's is one.
    private static bool IsAlive(int pid) => Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() != NoSuchProcess;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
