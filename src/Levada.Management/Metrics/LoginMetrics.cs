namespace Levada.Management.Metrics;

/// <summary>Who guesses passwords.</summary>
internal static class LoginMetrics
{
    public static void Write(MetricsText text, Broker broker)
    {
        text.Counter(
            "levada_logins_held_up_total", "Logins refused unseen after too many that failed",
            broker.LoginDelays.HeldUp);
        text.Gauge(
            "levada_login_failure_sources", "Pairs of address and user that failed to log in lately",
            broker.LoginDelays.Count);
    }
}
