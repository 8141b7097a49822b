// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.AwsProblem;
import java.io.PrintWriter;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.main.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs the commands of operators. They write their report to standard output, and their progress and errors to standard error. The
 * exit code is one of the constants of this class.
 */
@Command(
        name = "camel-thumbnails",
        description = "Shows what is wrong with the thumbnails, and repairs it.",
        synopsisSubcommandLabel = "COMMAND")
public final class Commands {

    /** Exit code of a command that is complete. */
    public static final int DONE = 0;

    /** Exit code of a command that has failed, for example because AWS has rejected a request. */
    public static final int FAILED = 1;

    /** Exit code of a command that was not started, because its options are wrong. */
    public static final int WRONG_USAGE = 2;

    /** Exit code of a command that has reached a limit or was cancelled. Run it again for the rest. */
    public static final int STOPPED = 3;

    private Commands() {}

    /** Returns whether arguments of the application begin with the name of a command, perhaps a mistyped one, and not with an option. */
    public static boolean isCommand(String[] arguments) {
        return arguments.length > 0 && !arguments[0].startsWith("-");
    }

    /**
     * Runs a command. Call this before anything is logged: it sends the log to standard error.
     *
     * @param main creates the application, which is started only if the options are valid
     * @return the exit code
     */
    public static int run(String[] arguments, Supplier<Main> main) {
        // log4j2.properties reads these system properties. Values that are already set are kept.
        System.getProperties().putIfAbsent("log.level", "warn");
        System.getProperties().putIfAbsent("log.target", "SYSTEM_ERR");
        Terminal terminal = Terminal.ofProcess();
        StopSignal signal = StopSignal.create();
        int code = line(new Session(() -> CamelApplication.start(main.get()), terminal, signal))
                .execute(arguments);
        signal.close(code);
        return code;
    }

    /** Creates the command line. */
    static CommandLine line(Session session) {
        CommandLine line = new CommandLine(new Commands())
                .addSubcommand(new FailuresCommand(session))
                .addSubcommand(new RedriveCommand(session))
                .addSubcommand(new ReconcileCommand(session))
                .setOut(session.terminal().out())
                .setErr(session.terminal().err())
                .setUsageHelpWidth(110)
                .setParameterExceptionHandler((e, arguments) -> refuse(e))
                .setExecutionExceptionHandler((e, command, result) -> fail(e, command.getErr()));
        line.getCommandSpec().usageMessage().showDefaultValues(true);
        return line;
    }

    private static int refuse(ParameterException e) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(Escape.text(e.getMessage()));
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            String nearest = unmatched.getSuggestions().get(0);
            err.println("Did you mean " + nearest.substring(nearest.lastIndexOf(' ') + 1) + "?");
        }
        Set<String> commands = e.getCommandLine().getSubcommands().keySet();
        err.println(
                commands.isEmpty()
                        ? "Run the command with --help for its options."
                        : "The commands are " + String.join(", ", commands) + ". Run one with --help for its options.");
        return WRONG_USAGE;
    }

    private static int fail(Exception e, PrintWriter err) {
        if (e instanceof ParameterException wrong) {
            return refuse(wrong);
        }
        err.println(Escape.text(AwsProblem.explain(e)));
        return FAILED;
    }
}
