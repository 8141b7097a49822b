// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0

import org.apache.camel.dsl.jbang.core.commands.CamelJBangMain;

/** Starts the Camel CLI, whose own main class has no main method: JBang brings one. */
public final class CamelCli {

    private CamelCli() {}

    public static void main(String[] args) {
        CamelJBangMain.run(args);
    }
}
