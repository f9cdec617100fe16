namespace Levada.Configuration;

// Keys: who may log in.
public static partial class ConfigurationKeys
{
    private static ConfigurationKey[] Accounts() =>
    [
        List("how clients may log in: PLAIN, AMQPLAIN, EXTERNAL",
            o => o.AuthMechanisms, (o, v) => o.AuthMechanisms = v, Mechanisms,
            "auth_mechanisms.*"),
        Live("where EXTERNAL finds the user in a certificate: distinguished_name, common_name, "
            + "subject_alternative_name",
            o => o.CertificateLoginFrom, (o, v) => o.CertificateLoginFrom = v, ConfigurationValue.LoginFrom,
            "ssl_cert_login_from"),
        Also("which kind of subject_alternative_name: dns, email, uri",
            (o, s) => o.CertificateLoginFrom = ConfigurationValue.AlternativeName(s, o.CertificateLoginFrom),
            ["ssl_cert_login_from"],
            "ssl_cert_login_san_type"),
        Live("which one of that kind, from 0",
            o => o.CertificateLoginIndex, (o, v) => o.CertificateLoginIndex = v, Number(0, 100),
            "ssl_cert_login_san_index"),
        Key("definitions file, or folder of *.json, imported at each start; then there is no default user or vhost",
            o => o.LoadDefinitions, (o, v) => o.LoadDefinitions = v, ConfigurationValue.Text, "load_definitions",
            "management.load_definitions", "main.load_definitions", "definitions.local.path"),
        Key("not again if the files are what was loaded last, so that what was changed since stays",
            o => o.SkipUnchangedDefinitions, (o, v) => o.SkipUnchangedDefinitions = v, ConfigurationValue.Boolean,
            "definitions.skip_if_unchanged"),
        Also("where definitions come from: local_filesystem",
            static (_, s) => ConfigurationValue.CheckBackend(s), [], "definitions.import_backend"),
        LiveList("users who may connect only from this machine: loopback_users.NAME = true; 'loopback_users = none'",
            o => o.LoopbackUsers, (o, v) => o.LoopbackUsers = v, Users, "loopback_users.*"),
        Also("false lets the default user in from anywhere",
            (o, s) => o.LoopbackUsers = OnlyLoopback(o, s), ["loopback_users.*"],
            "main.default_user_only_loopback"),
    ];
}
