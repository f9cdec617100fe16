using System.Diagnostics;

namespace Levada.Management.Metrics;

/// <summary>What LavinMQ has and RabbitMQ has not: written for a prefix that is not RabbitMQ's.</summary>
internal static class LavinMetrics
{
    public static void Write(MetricsText text, BrokerOverview o, QueueSums queues)
    {
        using var process = Process.GetCurrentProcess();
        text.Gauge("rabbitmq_uptime", "Seconds since the listeners opened", Math.Round(o.Uptime.TotalSeconds, 3));
        text.Gauge("rabbitmq_bindings", "Bindings", queues.Bindings);
        text.Counter("rabbitmq_cpu_user_time_total", "Seconds of user time", process.UserProcessorTime.TotalSeconds);
        text.Counter(
            "rabbitmq_cpu_system_time_total", "Seconds of system time", process.PrivilegedProcessorTime.TotalSeconds);
    }
}
