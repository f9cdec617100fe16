using Levada.Auth;

namespace Levada.Management.Metrics;

/// <summary>Who logs in, and who guesses passwords.</summary>
internal static class LoginMetrics
{
    public static void Write(MetricsText text, Broker broker)
    {
        WriteProtocols(text, static name => $"rabbitmq_{name}", broker);
        text.Counter(
            "levada_logins_held_up_total", "Logins refused unseen after too many that failed",
            broker.LoginDelays.HeldUp);
        text.Gauge(
            "levada_login_failure_sources", "Pairs of address and user that failed to log in lately",
            broker.LoginDelays.Count);
        text.Gauge(
            "levada_login_sources", "Addresses and users whose logins are counted by source",
            broker.Logins.SourceCount);
        text.Counter(
            "levada_login_sources_left_out_total", "Logins that were not, for auth_attempt_sources_max",
            broker.Logins.LeftOut);
    }

    public static void WriteProtocols(MetricsText text, Func<string, string> named, Broker broker) =>
        Write(text, named, "auth_attempts", broker.Logins.Totals());

    /// <summary>Each address and user, if they are counted (track_auth_attempt_source).</summary>
    public static void WriteSources(MetricsText text, Func<string, string> named, Broker broker) =>
        Write(text, named, "auth_attempts_detailed", broker.Logins.BySource());

    private static void Write(
        MetricsText text, Func<string, string> named, string what, IReadOnlyList<LoginCount> counts)
    {
        Each($"{what}_total", "Logins tried", static c => c.Succeeded + c.Failed);
        Each($"{what}_succeeded_total", "Logins that succeeded", static c => c.Succeeded);
        Each($"{what}_failed_total", "Logins refused", static c => c.Failed);

        void Each(string name, string help, Func<LoginCount, long> figure)
        {
            name = named(name);
            text.Family(name, "counter", help);
            foreach (var count in counts)
            {
                text.Begin(name).Label("protocol", count.Protocol);
                if (what != "auth_attempts")
                    text.Label("remote_address", count.Address).Label("username", count.User);
                text.End(figure(count));
            }
        }
    }
}
