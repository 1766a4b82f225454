namespace LiveClin.Core.Reviews;

/// <summary>What a reviewer was asked about a question.</summary>
public enum ReviewTopic
{
    /// <summary>
    /// Whether it is still a fair question when the right option reads "None of the other answers is correct.": no other option is right.
    /// </summary>
    NoneOfTheAbove = 0,

    /// <summary>Whether its published key is right.</summary>
    Key = 1,

    /// <summary>Whether replies in which the published rule finds no letter truly give none.</summary>
    Reply = 2,
}

/// <summary>Topics by their names in files and on the command line.</summary>
public static class ReviewTopics
{
    /// <summary>The topic of files that name none.</summary>
    public const ReviewTopic Default = ReviewTopic.NoneOfTheAbove;

    private static readonly (ReviewTopic Topic, string Name)[] All =
        [(ReviewTopic.NoneOfTheAbove, "none-of-the-above"), (ReviewTopic.Key, "key"), (ReviewTopic.Reply, "reply")];

    /// <summary>The names, for help and messages.</summary>
    public static IEnumerable<string> Names => All.Select(each => each.Name);

    /// <summary>The name of a topic.</summary>
    public static string Name(this ReviewTopic topic) => All.First(each => each.Topic == topic).Name;

    /// <summary>The topic of a name; null for other text.</summary>
    public static ReviewTopic? Find(string name) =>
        All.Where(each => each.Name == name).Select(each => (ReviewTopic?)each.Topic).FirstOrDefault();
}
