using System.Diagnostics;
using Xunit;

namespace Levada.Tests.Clients;

/// <summary>
/// The programs of other languages that the client tests start. One that is missing fails the test and says what to
/// install: a test that skips itself would let a broken client pass unseen.
/// </summary>
internal static class Prerequisites
{
    private static readonly Lazy<string> Repository = new(FindRepository);
    private static readonly Lazy<string> PythonWithPika = new(FindPython);

    /// <summary>tests/clients of this repository.</summary>
    public static string ClientsFolder => Path.Combine(Repository.Value, "tests", "clients");

    /// <summary>A Python that has pika; LEVADA_PYTHON names another one.</summary>
    public static string Python => PythonWithPika.Value;

    /// <summary>node, with the clients installed beside the scenarios.</summary>
    public static string Node
    {
        get
        {
            var folder = Path.Combine(ClientsFolder, "node");
            var node = Find("node", "nodejs npm");
            foreach (var package in new[] { "amqplib", "@cloudamqp/amqp-client", "playwright-core", "axe-core" })
            {
                Assert.True(
                    Directory.Exists(Path.Combine(folder, "node_modules", package)),
                    $"{package} is missing: run `npm ci --prefix {folder}`");
            }
            return node;
        }
    }

    /// <summary>A browser for the tests that need one.</summary>
    public static string Chromium => Find("chromium", "chromium");

    public static string Prometheus => Find("prometheus", "prometheus");

    public static string Promtool => Find("promtool", "prometheus");

    /// <summary>One of librabbitmq's command line tools.</summary>
    public static string AmqpTool(string name) => Find(name, "amqp-tools");

    private static string Find(string program, string aptPackages)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        Assert.True(found is not null, $"{program} is missing: `apt-get install {aptPackages}`");
        return found;
    }

    private static string FindPython()
    {
        // Debian's package serves Debian's Python, which need not be the first in PATH.
        string?[] candidates = [Environment.GetEnvironmentVariable("LEVADA_PYTHON"), "/usr/bin/python3", "python3"];
        var found = candidates.FirstOrDefault(python => python is not null && CanImportPika(python));
        Assert.True(
            found is not null,
            "no Python with pika: `apt-get install python3-pika`, or name one that has it in LEVADA_PYTHON");
        return found;
    }

    private static bool CanImportPika(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import pika"])
            {
                RedirectStandardError = true,
            })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false; // No such program: the next candidate may be there.
        }
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Levada.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside their repository");
    }
}
