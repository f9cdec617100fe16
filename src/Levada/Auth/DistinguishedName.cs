using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Levada.Auth;

/// <summary>
/// The name of a certificate's subject or issuer as RFC 4514 writes it, with RabbitMQ's short names and escapes: users
/// are called so, and operators look for them.
/// </summary>
internal static class DistinguishedName
{
    /// <summary>RFC 4514's short names and those that RabbitMQ adds.</summary>
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["2.5.4.3"] = "CN", ["2.5.4.4"] = "SN", ["2.5.4.5"] = "SERIALNUMBER", ["2.5.4.6"] = "C", ["2.5.4.7"] = "L",
        ["2.5.4.8"] = "ST", ["2.5.4.9"] = "STREET", ["2.5.4.10"] = "O", ["2.5.4.11"] = "OU", ["2.5.4.12"] = "TITLE",
        ["2.5.4.42"] = "GIVENNAME", ["2.5.4.43"] = "INITIALS", ["2.5.4.44"] = "GENERATIONQUALIFIER",
        ["2.5.4.65"] = "PSEUDONYM", ["0.9.2342.19200300.100.1.1"] = "UID", ["0.9.2342.19200300.100.1.25"] = "DC",
        ["1.2.840.113549.1.9.1"] = "EMAILADDRESS",
    };

    /// <exception cref="AsnContentException">It is no name.</exception>
    public static string TextOf(X500DistinguishedName name) => string.Join(
        ',', Parts(name).AsEnumerable().Reverse().Select(static part => string.Join(
            '+',
            part.Select(static one => $"{ShortNames.GetValueOrDefault(one.Type, one.Type)}={Escaped(one.Value)}"))));

    /// <summary>Every value of one type, as it is.</summary>
    /// <param name="name">Where to look.</param>
    /// <param name="type">Its object identifier.</param>
    /// <exception cref="AsnContentException">It is no name.</exception>
    public static IReadOnlyList<string> ValuesOf(X500DistinguishedName name, string type) =>
        [.. Parts(name).SelectMany(static part => part).Where(one => one.Type == type).Select(static one => one.Value)];

    // RFC 5280, section 4.1.2.4: a sequence of sets, mostly of one, of pairs of type and value.
    private static List<List<(string Type, string Value)>> Parts(X500DistinguishedName name)
    {
        var parts = new List<List<(string, string)>>();
        var sequence = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
        {
            var part = new List<(string, string)>();
            var set = sequence.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                var pair = set.ReadSequence();
                part.Add((pair.ReadObjectIdentifier(), ValueOf(pair)));
            }
            parts.Add(part);
        }
        return parts;
    }

    private static string ValueOf(AsnReader reader)
    {
        var tag = reader.PeekTag();
        return tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String
            or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String
            or UniversalTagNumber.BMPString or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString
                ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue)
                // RFC 4514, section 2.4: what is no text.
                : $"#{Convert.ToHexString(reader.ReadEncodedValue().Span)}";
    }

    // RFC 4514, section 2.4; like RabbitMQ also what is not printable ASCII, octet by octet of its UTF-8.
    private static string Escaped(string value)
    {
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c is < ' ' or >= '~')
            {
                var length = char.IsHighSurrogate(c) && i + 1 < value.Length ? 2 : 1;
                foreach (var octet in Encoding.UTF8.GetBytes(value.Substring(i, length)))
                    text.Append(CultureInfo.InvariantCulture, $"\\{octet:X2}");
                i += length - 1;
                continue;
            }
            if ("\"+,;<>\\".Contains(c, StringComparison.Ordinal) || (i == 0 && c is ' ' or '#')
                || (i == value.Length - 1 && c == ' '))
                text.Append('\\');
            text.Append(c);
        }
        return text.ToString();
    }
}
