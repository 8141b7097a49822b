// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import org.apache.camel.main.Main;

/**
 * Starts the application with Camel Main, with the routes in {@code routes/} and the settings in {@code application.properties}.
 *
 * <p>The Camel CLI runs the same routes without this class.
 */
public final class App {

    private App() {}

    /**
     * Runs the application until the process receives a signal to stop.
     *
     * @param args options of Camel Main; {@code --help} lists them
     * @throws Exception if the routes cannot be started
     */
    public static void main(String[] args) throws Exception {
        Main main = new Main(App.class);
        main.run(args);
    }
}
