using System.Text;

namespace LiveClin.Stats.Tests.Reports;

/// <summary>
/// A small reader of LaTeX: groups, commands, environments, rows and cells, as TeX's own rules have them. What is not known to it is an
/// error, so that an unescaped character cannot pass.
/// </summary>
internal sealed class LatexDocument
{
    private static readonly Dictionary<string, string> Characters = new(StringComparer.Ordinal)
    {
        ["textbackslash"] = "\\", ["textasciicircum"] = "^", ["textasciitilde"] = "~", ["textless"] = "<", ["textgreater"] = ">",
        ["textbar"] = "|",
        ["textendash"] = "–", ["textemdash"] = "—", ["textellipsis"] = "…", ["textperiodcentered"] = "·",
    };

    private readonly string _source;
    private readonly Stack<string> _open = [];
    private int _at;

    private LatexDocument(string source) => _source = source;

    /// <summary>The cells' texts by row, the heading first.</summary>
    public List<List<string>> Rows { get; } = [];

    /// <summary>The letters of the columns.</summary>
    public string Columns { get; private set; } = "";

    public static LatexDocument Read(string source)
    {
        var document = new LatexDocument(source);
        document.Parse();
        if (document._open.Count > 0) throw new FormatException($"'{document._open.Peek()}' is not closed.");
        return document;
    }

    /// <summary>The text that an escaped text sets.</summary>
    public static string Text(string source) => Read($"\\begin{{tabular}}{{l}}{source} \\\\\\end{{tabular}}").Rows.Single().Single();

    private void Parse()
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        while (_at < _source.Length)
        {
            var c = _source[_at++];
            switch (c)
            {
                case '%': SkipComment(); break;
                case '{': _open.Push("{"); break;
                case '}': Close("{"); break;
                case '&': EndCell(); break;
                case '$': cell.Append(Math()); break;
                case '~': cell.Append('\u00a0'); break;
                case '\\' when _source[_at] == '\\':
                    _at++;
                    RefuseArgument();
                    EndCell();
                    if (InTable()) Rows.Add(cells);
                    cells = [];
                    break;
                case '\\': Command(cell); break;
                case '#' or '_' or '^': throw new FormatException($"'{c}' at {_at} is not escaped.");
                case '[' or ']' or '*' when _open.Count == 0
                    || _open.Peek() != "{": throw new FormatException($"'{c}' at {_at} could be an argument.");
                case '-' or '\'' or '`' or ',' or '?' or '!' or '"' when _at < _source.Length && "-'`,?!\"".Contains(_source[_at]):
                    throw new FormatException($"'{c}{_source[_at]}' at {_at} would become another character.");
                default: cell.Append(c); break;
            }
        }

        void EndCell()
        {
            cells.Add(cell.ToString().Trim('\n', ' '));
            cell.Clear();
        }
    }

    private bool InTable() => _open.Any(name => name is "tabular" or "longtable");

    private void Command(StringBuilder cell)
    {
        if (!char.IsAsciiLetter(_source[_at]))
        {
            var c = _source[_at++];
            cell.Append("{}$&#%_".Contains(c) ? c : throw new FormatException($"'\\{c}' at {_at} is not known."));
            return;
        }

        var start = _at;
        while (_at < _source.Length && char.IsAsciiLetter(_source[_at])) _at++;
        var name = _source[start.._at];
        if (Characters.TryGetValue(name, out var character))
        {
            if (_source[_at..].StartsWith("{}", StringComparison.Ordinal)) _at += 2;
            else throw new FormatException($"'\\{name}' at {_at} would swallow a space.");
            cell.Append(character);
            return;
        }

        switch (name)
        {
            case "begin":
                var environment = Argument();
                _open.Push(environment);
                if (environment is "tabular" or "longtable") Columns = Argument();
                if (environment == "table") Argument('[', ']');
                break;
            case "end": Close(Argument()); break;
            case "caption" or "label": Argument(); break;
            case "toprule" or "midrule" or "bottomrule" or "endhead" or "endfoot" or "centering" or "footnotesize": break;
            default: throw new FormatException($"'\\{name}' at {_at} is not known.");
        }
    }

    private string Math()
    {
        var end = _source.IndexOf('$', _at);
        var text = _source[_at..end];
        _at = end + 1;
        return text switch { "-" => "−", "\\chi" => "χ", "^2" => "²", _ => throw new FormatException($"'${text}$' is not known.") };
    }

    private string Argument(char open = '{', char close = '}')
    {
        if (_source[_at] != open) throw new FormatException($"'{open}' is missing at {_at}.");
        var (start, depth) = (++_at, 1);
        while (depth > 0)
        {
            if (_source[_at] == '\\') _at++;
            else if (_source[_at] == open) depth++;
            else if (_source[_at] == close) depth--;
            _at++;
        }

        return _source[start..(_at - 1)];
    }

    // TeX looks past spaces and one line end for the argument of a row's end.
    private void RefuseArgument()
    {
        var next = _at;
        while (next < _source.Length && char.IsWhiteSpace(_source[next])) next++;
        if (next < _source.Length && _source[next] is '[' or '*') throw new FormatException($"The row's end at {_at} has an argument.");
    }

    private void SkipComment()
    {
        var end = _source.IndexOf('\n', _at);
        _at = end < 0 ? _source.Length : end + 1;
    }

    private void Close(string name)
    {
        if (_open.Count == 0 || _open.Pop() != name) throw new FormatException($"'{name}' at {_at} closes what is not open.");
    }
}
