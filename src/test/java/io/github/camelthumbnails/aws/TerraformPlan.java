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

/** Reads the resources that Terraform would create in a new account from the plan that {@code aws/check} has written. */
public record TerraformPlan(JsonObject plan) {

    /** Reads one statement of an IAM policy. */
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

    /** Reads the plan with the default variables. Skips the test if there is no plan, except in CI. */
    public static TerraformPlan read() throws IOException {
        return read("aws-plan");
    }

    /** Reads the plan in which EventBridge sends the events, like {@link #read()}. */
    public static TerraformPlan readEventBridge() throws IOException {
        return read("aws-plan-eventbridge");
    }

    private static TerraformPlan read(String name) throws IOException {
        Path file = Path.of("target", name + ".json");
        Assumptions.assumeTrue(System.getenv("CI") != null || Files.exists(file), "Run aws/check to create " + file);
        return new TerraformPlan(new JsonObject(Files.readString(file)));
    }

    /** Returns the addresses of all resources of a type. */
    public List<String> addresses(String type) {
        return resources()
                .filter(resource -> resource.getString("type").equals(type))
                .map(resource -> resource.getString("address"))
                .toList();
    }

    /** Returns an attribute of the resource with this address, as text. */
    public String value(String address, String attribute) {
        return resources()
                .filter(resource -> resource.getString("address").equals(address))
                .map(resource -> resource.getJsonObject("values").getString(attribute))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(address));
    }

    /** Returns the statements of the policy in an attribute of the resource with this address. */
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
