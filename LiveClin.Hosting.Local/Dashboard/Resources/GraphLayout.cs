namespace LiveClin.Hosting.Local.Dashboard.Resources;

/// <summary>A resource's place in the graph, in pixels.</summary>
internal sealed record GraphNode(ResourceView Resource, int X, int Y);

/// <summary>An arrow from a resource to one that it needs.</summary>
internal sealed record GraphEdge(GraphNode From, GraphNode To, string Kinds);

/// <summary>Layers from left to right: what needs nothing is leftmost, what needs it stands to its right.</summary>
internal sealed class GraphLayout
{
    public const int NodeWidth = 224;
    public const int NodeHeight = 60;
    private const int GapX = 80;
    private const int GapY = 18;
    private const int Margin = 24;

    // A layer with more nodes takes several columns, so that the graph still fits a window.
    private const int MaxRows = 10;

    public GraphLayout(IReadOnlyList<ResourceView> resources)
    {
        var byName = resources.GroupBy(r => r.Name).ToDictionary(g => g.Key, g => g.First());
        var needs = byName.Values.ToDictionary(r => r.Name, r => r.Relations.Select(t => t.Resource).Where(n => n != r.Name && byName.ContainsKey(n)).Distinct().ToArray());
        var layers = new Dictionary<string, int>();
        foreach (var name in byName.Keys) Layer(name, needs, layers, []);

        var nodes = new Dictionary<string, GraphNode>();
        var position = new Dictionary<string, double>();
        var x = Margin;
        foreach (var layer in layers.GroupBy(l => l.Value).OrderBy(g => g.Key))
        {
            // Each node as near as possible to the middle of what it needs: fewer crossings.
            var ordered = layer.Select(l => l.Key).OrderBy(n => needs[n].Length == 0 ? position.Count : needs[n].Average(m => position.GetValueOrDefault(m))).ToArray();
            for (var i = 0; i < ordered.Length; i++) position[ordered[i]] = i - (ordered.Length - 1) / 2.0;
            foreach (var column in ordered.Chunk(MaxRows))
            {
                for (var i = 0; i < column.Length; i++) nodes[column[i]] = new(byName[column[i]], x, Margin + i * (NodeHeight + GapY));
                x += NodeWidth + GapY;
            }

            x += GapX - GapY;
        }

        Height = nodes.Count == 0 ? 2 * Margin : nodes.Values.Max(n => n.Y) + NodeHeight + Margin;
        Width = nodes.Count == 0 ? 2 * Margin : nodes.Values.Max(n => n.X) + NodeWidth + Margin;
        foreach (var column in nodes.Values.GroupBy(n => n.X).ToArray())
        {
            // Columns are centred on each other.
            var shift = (Height - Margin - (column.Max(n => n.Y) + NodeHeight)) / 2;
            foreach (var node in column) nodes[node.Resource.Name] = node with { Y = node.Y + shift };
        }

        Nodes = [.. nodes.Values];
        Edges = [.. needs.SelectMany(n => n.Value.Select(m => new GraphEdge(nodes[n.Key], nodes[m], Kinds(byName[n.Key], m))))];
    }

    public IReadOnlyList<GraphNode> Nodes { get; }

    public IReadOnlyList<GraphEdge> Edges { get; }

    public int Width { get; }

    public int Height { get; }

    private static string Kinds(ResourceView from, string to) => string.Join(", ", from.Relations.Where(r => r.Resource == to).Select(r => r.Kind).Distinct());

    private static int Layer(string name, Dictionary<string, string[]> needs, Dictionary<string, int> layers, HashSet<string> path)
    {
        if (layers.TryGetValue(name, out var known)) return known;
        // A circle of references is cut where it closes.
        if (!path.Add(name)) return 0;
        var layer = needs[name].Length == 0 ? 0 : needs[name].Max(n => Layer(n, needs, layers, path)) + 1;
        path.Remove(name);
        return layers[name] = layer;
    }
}
