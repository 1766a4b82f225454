using LiveClin.Launcher;

if (args is [] or ["--help" or "-h", ..])
{
    Console.WriteLine(LaunchOptions.Help);
    return args is [] ? LauncherExitCodes.Invalid : LauncherExitCodes.Success;
}

// The words are this program's own: it starts itself again, detached from its caller, as the server's keeper.
var role = args[0] is Roles.Detach or Roles.Keep ? args[0] : null;
var (options, problem) = LaunchOptions.Parse(role is null ? args : args[1..]);
if (options is null || !OperatingSystem.IsLinux())
{
    Console.Error.WriteLine(problem ?? "The launcher needs Linux (/proc, sessions, subreapers). Elsewhere start the program itself.");
    return LauncherExitCodes.Invalid;
}

return role switch
{
    Roles.Detach => KeeperProcess.Detach(options),
    Roles.Keep => await new ServerKeeper(options).RunAsync(),
    _ => await new ServerLauncher(options).RunAsync(),
};
