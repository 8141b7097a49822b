// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.api;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The requests that operators can send. */
public enum OperatorAction {
    /** Show how many messages the queues have. */
    SHOW_QUEUES("/operate/queues", HttpMethod.GET, Set.of()),
    /** Show a page of failures. */
    LIST_FAILURES("/operate/failures", HttpMethod.GET, Set.of("reason", "prefix", "limit", "cursor")),
    /** Count failures by reason, and show the newest ones. */
    SUMMARIZE_FAILURES("/operate/failures/summary", HttpMethod.GET, Set.of("reason", "prefix", "newest")),
    /** Start a redrive. */
    START_REDRIVE("/operate/redrive", HttpMethod.POST, Set.of()),
    /** Show the progress of the redrive. */
    SHOW_REDRIVE("/operate/redrive", HttpMethod.GET, Set.of()),
    /** Cancel the redrive. */
    CANCEL_REDRIVE("/operate/redrive", HttpMethod.DELETE, Set.of()),
    /** Show what a reconcile costs, before it is started. */
    SHOW_PRICE("/operate/reconcile/price", HttpMethod.GET, Set.of("max", "inventory")),
    /** Start a reconcile. */
    START_RECONCILE("/operate/reconcile", HttpMethod.POST, Set.of()),
    /** Show the progress of the reconcile. */
    SHOW_RECONCILE("/operate/reconcile", HttpMethod.GET, Set.of()),
    /** Cancel the reconcile. */
    CANCEL_RECONCILE("/operate/reconcile", HttpMethod.DELETE, Set.of());

    private final String path;
    private final HttpMethod method;
    private final Set<String> parameters;

    OperatorAction(String path, HttpMethod method, Set<String> parameters) {
        this.path = path;
        this.method = method;
        this.parameters = parameters;
    }

    /** Returns the names of the query parameters that it accepts. */
    Set<String> parameters() {
        return parameters;
    }

    /** Returns whether the request has a body. */
    boolean hasBody() {
        return method == HttpMethod.POST;
    }

    /** Returns the action of a request, or empty if the path or the method does not exist. HEAD is answered like GET. */
    static Optional<OperatorAction> find(String path, HttpMethod method) {
        HttpMethod same = method == HttpMethod.HEAD ? HttpMethod.GET : method;
        return List.of(values()).stream()
                .filter(action -> action.path.equals(path) && action.method == same)
                .findAny();
    }

    /** Returns the methods of a path in the order of the constants, as in the header {@code Allow}; empty if it does not exist. */
    static String allow(String path) {
        List<String> methods = new ArrayList<>();
        for (OperatorAction action : values()) {
            if (action.path.equals(path)) {
                methods.add(action.method == HttpMethod.GET ? "GET, HEAD" : action.method.name());
            }
        }
        return String.join(", ", methods);
    }
}
