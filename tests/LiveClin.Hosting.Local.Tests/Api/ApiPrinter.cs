using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LiveClin.Hosting.Local.Tests.Api;

/// <summary>Prints public members by reflection in the form of the recorded API, nullability and defaults included.</summary>
internal sealed class ApiPrinter
{
    private readonly NullabilityInfoContext _nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(bool)] = "bool", [typeof(int)] = "int",
        [typeof(long)] = "long", [typeof(double)] = "double", [typeof(char)] = "char", [typeof(byte)] = "byte",
    };

    /// <summary>The public and protected members that the type itself declares.</summary>
    public IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt32(Enum.Parse(type, n), CultureInfo.InvariantCulture)}");
        const BindingFlags declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var isRecord = type.GetMethod("<Clone>$", declared) is not null || type.GetMethod("PrintMembers", declared) is not null;
        var members = new List<string>();
        foreach (var constructor in type.GetConstructors(declared).Where(IsVisible))
        {
            // The recorded API leaves out what the compiler adds to records.
            if (isRecord && constructor.GetParameters() is [{ } only] && only.ParameterType == type) continue;
            members.Add($"{Access(constructor)} {NestedName(type).Split('.')[^1].Split('<')[0]}({Parameters(constructor)})");
        }

        members.AddRange(type.GetFields(declared).Where(f => f.IsPublic).Select(f => $"public {(f.IsLiteral ? "const" : f.IsStatic ? "static" : "")} {TypeName(f.FieldType, _nullability.Create(f))} {f.Name}{(f.IsLiteral ? $" = \"{f.GetRawConstantValue()}\"" : "")}"));
        members.AddRange(type.GetProperties(declared).Where(p => IsVisible(p.GetMethod) && !p.Name.Contains('.', StringComparison.Ordinal) && p.Name != "EqualityContract").Select(Property));
        foreach (var method in type.GetMethods(declared).Where(m => IsVisible(m) && !m.IsSpecialName && !m.Name.Contains('.', StringComparison.Ordinal) && !IsCompilerMade(m, isRecord)))
            members.Add(Method(method));
        return members;
    }

    public static string NestedName(Type type) => type is { IsGenericParameter: false, DeclaringType: { } outer } ? $"{NestedName(outer)}.{SimpleName(type)}" : SimpleName(type);

    private string Property(PropertyInfo property)
    {
        var accessors = new List<string> { "get;" };
        if (IsVisible(property.SetMethod)) accessors.Add(property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
        var type = TypeName(property.PropertyType, _nullability.Create(property));
        var name = property.GetIndexParameters() is [{ } index] ? $"this[{TypeName(index.ParameterType, _nullability.Create(index))} {index.Name}]" : property.Name;
        return $"public {(property.GetMethod!.IsStatic ? "static " : "")}{type} {name} {{ {string.Join(' ', accessors)} }}";
    }

    private string Method(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var constraints = method.IsGenericMethodDefinition ? string.Concat(method.GetGenericArguments().Select(Constraints)) : "";
        return $"{Access(method)} {(method.IsStatic ? "static " : "")}{TypeName(method.ReturnType, _nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)}){constraints}";
    }

    private string Constraints(Type argument)
    {
        var list = new List<string>();
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) list.Add("class");
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) list.Add("struct");
        // An interface that another of the list brings along is implied.
        var types = argument.GetGenericParameterConstraints();
        list.AddRange(types.Where(t => t != typeof(ValueType)).Select(t => TypeName(t, null)));
        if (argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !list.Contains("struct")) list.Add("new()");
        return list.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", list)}";
    }

    private string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute), false);
        return string.Join(", ", method.GetParameters().Select((p, i) => (extension && i == 0 ? "this " : "") + Parameter(p)));
    }

    private string Parameter(ParameterInfo parameter)
    {
        var attributes = string.Concat(parameter.GetCustomAttributes().Where(a => a is System.Diagnostics.CodeAnalysis.NotNullWhenAttribute).Select(a => $"[NotNullWhen({(((System.Diagnostics.CodeAnalysis.NotNullWhenAttribute)a).ReturnValue ? "true" : "false")})] "));
        var modifier = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var name = parameter.Name is "event" ? "@event" : parameter.Name;
        return $"{attributes}{modifier}{TypeName(parameter.ParameterType, _nullability.Create(parameter))} {name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue) return "";
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        return " = " + parameter.DefaultValue switch
        {
            null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
            bool value => value ? "true" : "false",
            string value => $"\"{value}\"",
            { } value when type.IsEnum => $"{type.Name}.{Enum.GetName(type, value)}",
            { } value => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }

    private static string TypeName(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef) return TypeName(type.GetElementType()!, nullability?.ElementType ?? nullability);
        if (Nullable.GetUnderlyingType(type) is { } value) return TypeName(value, null) + "?";
        var mark = !type.IsValueType && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray) return $"{TypeName(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword + mark;
        if (!type.IsGenericType) return NestedName(type) + mark;
        var arguments = type.GetGenericArguments().Select((a, i) => TypeName(a, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{(type.DeclaringType is { } outer ? NestedName(outer) + "." : "")}{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>{mark}";
    }

    private static string SimpleName(Type type) => type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(a => a.Name))}>" : type.Name;

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Access(MethodBase method) => method.IsPublic ? "public" : "protected";

    private static bool IsCompilerMade(MethodInfo method, bool isRecord) =>
        isRecord && (method.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "PrintMembers" or "<Clone>$") || method.Name.StartsWith('<');
}
