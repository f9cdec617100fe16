using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Levada.Auth;

/// <summary>A client's certificate that verified, as far as logging in by it (SASL EXTERNAL) goes. Immutable.</summary>
/// <param name="UserName">Null if the certificate has none where the settings look.</param>
/// <param name="Problem">Why it has none, for the log.</param>
public sealed record ClientCertificate(string? UserName, string Problem)
{
    private const string AlternativeNames = "2.5.29.17";

    private const string CommonName = "2.5.4.3";

    /// <summary>What operators see of it; null if nobody asked for that.</summary>
    public CertificateFacts? Facts { get; init; }

    /// <summary>Reads the user's name.</summary>
    /// <param name="certificate">One that verified.</param>
    /// <param name="from">Where it is.</param>
    /// <param name="index">Which one, from 0, if there are several alternative names of the kind.</param>
    public static ClientCertificate Read(X509Certificate2 certificate, CertificateName from, int index)
    {
        try
        {
            IReadOnlyList<string> names = from switch
            {
                CertificateName.DistinguishedName => [DistinguishedName.TextOf(certificate.SubjectName)],
                CertificateName.CommonName => DistinguishedName.ValuesOf(certificate.SubjectName, CommonName),
                _ => [.. Alternatives(certificate, from).Skip(index).Take(1)],
            };
            return names.Count == 1 && names[0].Length > 0
                ? new ClientCertificate(names[0], "")
                : new ClientCertificate(
                    null, $"the certificate '{certificate.Subject}' has {names.Count} names where ssl_cert_login_from "
                    + $"({from}) looks for one");
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return new ClientCertificate(null, $"the names in the certificate cannot be read: {e.Message}");
        }
    }

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
