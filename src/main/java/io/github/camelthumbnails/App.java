// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.operate.command.Commands;
import org.apache.camel.main.Main;

/**
 * Starts the application with Camel Main, with the routes in {@code routes/} and the settings in {@code application.properties}.
 *
 * <p>The Camel CLI runs the same routes without this class.
 */
public final class App {

    private App() {}

    /**
     * Runs the application until the process receives a signal to stop, or runs an operator's command until it ends.
     *
     * @param args options of Camel Main, which {@code --help} lists; or a command and its options: {@code failures}, {@code redrive} or
     *     {@code reconcile}, whose {@code --help} describes them. Other words are rejected
     * @throws Exception if the routes cannot be started
     */
    public static void main(String[] args) throws Exception {
        if (Commands.isCommand(args)) {
            System.exit(Commands.run(args, () -> new Main(App.class)));
        }
        Main main = new Main(App.class);
        main.run(args);
    }
}
