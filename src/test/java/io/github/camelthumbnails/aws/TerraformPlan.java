// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What Terraform would make in a new account, as {@code aws/check} leaves it. */
public record TerraformPlan(JsonObject plan) {

    /** One statement of a policy. */
    public record Statement(JsonObject json) {

        public boolean allows() {
            return json.getString("Effect").equals("Allow");
        }

        public List<String> actions() {
            return list(json.getValue("Action"));
        }

        public List<String> resources() {
            return list(json.getValue("Resource"));
        }

        private static List<String> list(Object oneOrMany) {
            return oneOrMany instanceof JsonArray many
                    ? many.stream().map(Object::toString).toList()
                    : List.of((String) oneOrMany);
        }
    }

    /** Reads the plan with the default variables. Skips the test if there is none, but in CI there has to be. */
    public static TerraformPlan read() throws IOException {
        return read("aws-plan");
    }

    /** Reads the plan with events by EventBridge, like {@link #read()}. */
    public static TerraformPlan readEventBridge() throws IOException {
        return read("aws-plan-eventbridge");
    }

    private static TerraformPlan read(String name) throws IOException {
        Path file = Path.of("target", name + ".json");
        Assumptions.assumeTrue(System.getenv("CI") != null || Files.exists(file), file + " is made by aws/check");
        return new TerraformPlan(new JsonObject(Files.readString(file)));
    }

    /** The addresses of all resources of a type. */
    public List<String> addresses(String type) {
        return resources()
                .filter(resource -> resource.getString("type").equals(type))
                .map(resource -> resource.getString("address"))
                .toList();
    }

    /** An attribute of the resource with the address, as text. */
    public String value(String address, String attribute) {
        return resources()
                .filter(resource -> resource.getString("address").equals(address))
                .map(resource -> resource.getJsonObject("values").getString(attribute))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(address));
    }

    /** The statements of a policy that the resource with the address has. */
    public List<Statement> policy(String address, String attribute) {
        return new JsonObject(value(address, attribute))
                .getJsonArray("Statement").stream()
                        .map(one -> new Statement((JsonObject) one))
                        .toList();
    }

    private Stream<JsonObject> resources() {
        return plan.getJsonObject("planned_values").getJsonObject("root_module").getJsonArray("resources").stream()
                .map(JsonObject.class::cast);
    }
}
