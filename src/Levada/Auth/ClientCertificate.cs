using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Levada.Auth;

/// <summary>A client's certificate that verified, as far as logging in by it (SASL EXTERNAL) goes. Immutable.</summary>
/// <param name="UserName">Null if the certificate has none where the settings look.</param>
/// <param name="Problem">Why it has none, for the log.</param>
public sealed record ClientCertificate(string? UserName, string Problem)
{
    private const string AlternativeNames = "2.5.29.17";

    /// <summary>RFC 4514's short names and those that RabbitMQ adds.</summary>
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["2.5.4.3"] = "CN", ["2.5.4.4"] = "SN", ["2.5.4.5"] = "SERIALNUMBER", ["2.5.4.6"] = "C", ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST", ["2.5.4.9"] = "STREET", ["2.5.4.10"] = "O", ["2.5.4.11"] = "OU", ["2.5.4.12"] = "TITLE",
        ["2.5.4.42"] = "GIVENNAME", ["0.9.2342.19200300.100.1.1"] = "UID", ["0.9.2342.19200300.100.1.25"] = "DC",
        ["1.2.840.113549.1.9.1"] = "EMAILADDRESS",
    };

    /// <summary>Reads the user's name.</summary>
    /// <param name="certificate">One that verified.</param>
    /// <param name="from">Where it is.</param>
    /// <param name="index">Which one, from 0, if there are several alternative names of the kind.</param>
    public static ClientCertificate Read(X509Certificate2 certificate, CertificateName from, int index)
    {
        try
        {
            var names = from switch
            {
                CertificateName.DistinguishedName => [DistinguishedName(certificate)],
                CertificateName.CommonName => CommonNames(certificate),
                _ => Alternatives(certificate, from).Skip(index).Take(1).ToList(),
            };
            return names.Count == 1 && names[0].Length > 0
                ? new ClientCertificate(names[0], "")
                : new ClientCertificate(
                    null, $"the certificate '{certificate.Subject}' has {names.Count} names where ssl_cert_login_from "
                    + $"({from}) looks for one");
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or InvalidOperationException)
        {
            return new ClientCertificate(null, $"the names in the certificate cannot be read: {e.Message}");
        }
    }

    private static string DistinguishedName(X509Certificate2 certificate)
    {
        var text = new StringBuilder();
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: true))
        {
            var type = part.GetSingleElementType().Value!;
            text.Append(text.Length > 0 ? "," : "").Append(ShortNames.GetValueOrDefault(type, type)).Append('=');
            AppendEscaped(text, part.GetSingleElementValue() ?? "");
        }
        return text.ToString();
    }

    // RFC 4514, section 2.4.
    private static void AppendEscaped(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '\0')
            {
                text.Append("\\00");
                continue;
            }
            if (",+\"\\<>;".Contains(c, StringComparison.Ordinal) || (i == 0 && (c is ' ' or '#'))
                || (i == value.Length - 1 && c == ' '))
                text.Append('\\');
            text.Append(c);
        }
    }

    private static List<string> CommonNames(X509Certificate2 certificate) =>
        [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(part => part.GetSingleElementType().Value == "2.5.4.3")
            .Select(part => part.GetSingleElementValue() ?? "")];

    // RFC 5280, section 4.2.1.6: a sequence of names, each tagged with its kind.
    private static IEnumerable<string> Alternatives(X509Certificate2 certificate, CertificateName kind)
    {
        var wanted = new Asn1Tag(TagClass.ContextSpecific, kind switch
        {
            CertificateName.Email => 1,
            CertificateName.Dns => 2,
            _ => 6,
        });
        foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == AlternativeNames))
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag() == wanted)
                    yield return names.ReadCharacterString(UniversalTagNumber.IA5String, wanted);
                else
                    names.ReadEncodedValue();
            }
        }
    }
}
