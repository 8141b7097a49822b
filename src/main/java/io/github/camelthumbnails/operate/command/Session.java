// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import java.util.function.Supplier;

/**
 * Connects a command with the process that runs it.
 *
 * @param application starts the application
 * @param terminal where output goes
 * @param signal cancels the command when the process is asked to stop
 */
record Session(Supplier<Application> application, Terminal terminal, StopSignal signal) {}
