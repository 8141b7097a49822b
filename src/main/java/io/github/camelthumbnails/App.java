// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import org.apache.camel.main.Main;

/**
 * Starts the application with Camel Main: routes from {@code routes/}, settings from {@code application.properties}.
 *
 * <p>The Camel CLI runs the same routes without this class.
 */
public final class App {

    private App() {}

    /**
     * Runs until the process is asked to stop.
     *
     * @param args Camel Main's own options, see {@code --help}
     * @throws Exception if the routes cannot be started
     */
    public static void main(String[] args) throws Exception {
        Main main = new Main(App.class);
        main.run(args);
    }
}
