// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Validates responses against an OpenAPI 3.1 description, whose schemas are JSON Schema 2020-12. */
final class ApiDescription {

    private static final Set<String> METHODS =
            Set.of("get", "head", "put", "post", "patch", "delete", "options", "trace");
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private final JsonObject description;

    ApiDescription(String json) {
        description = new JsonObject(json);
        assertThat(description.getString("openapi")).startsWith("3.1.");
    }

    /** Returns path, method and status of each described response, such as {@code /pets get 200}. */
    Set<String> answers() {
        Set<String> answers = new TreeSet<>();
        for (String path : paths()) {
            for (String method : methods(path)) {
                operation(path, method)
                        .getJsonObject("responses")
                        .fieldNames()
                        .forEach(status -> answers.add(path + " " + method + " " + status));
            }
        }
        return answers;
    }

    private Set<String> paths() {
        return description.getJsonObject("paths").fieldNames();
    }

    private Set<String> methods(String path) {
        Set<String> methods = new TreeSet<>(
                description.getJsonObject("paths").getJsonObject(path).fieldNames());
        methods.retainAll(METHODS);
        return methods;
    }

    private JsonObject operation(String path, String method) {
        return description.getJsonObject("paths").getJsonObject(path).getJsonObject(method);
    }

    /** A response of the server. */
    record Answer(int status, HttpHeaders headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** Checks a response against its description. */
    void check(String path, String method, Answer answer) {
        JsonObject response = resolve(
                operation(path, method).getJsonObject("responses").getJsonObject(String.valueOf(answer.status())));
        JsonObject headers = response.getJsonObject("headers", new JsonObject());
        for (String name : headers.fieldNames()) {
            JsonObject header = resolve(headers.getJsonObject(name));
            String value = answer.headers().firstValue(name).orElse(null);
            if (header.getBoolean("required", false)) {
                assertThat(value).as(name).isNotNull();
            }
            if (value != null) {
                JsonObject schema = header.getJsonObject("schema");
                boolean number = "integer".equals(schema.getString("type"));
                checkSchema(
                        schema,
                        number ? value : new JsonArray().add(value).encode().replaceAll("^\\[|]$", ""));
            }
        }
        JsonObject content = response.getJsonObject("content", new JsonObject());
        if (content.isEmpty()) {
            assertThat(answer.body()).isEmpty();
            return;
        }
        String type = answer.headers().firstValue("Content-Type").orElseThrow().replaceFirst(" *;.*", "");
        assertThat(content.fieldNames()).containsAnyOf(type, "*/*");
        if (type.endsWith("json") && content.containsKey(type)) {
            checkSchema(content.getJsonObject(type).getJsonObject("schema"), answer.text());
        } else if (type.equals("application/xml") && content.containsKey(type)) {
            checkSchema(content.getJsonObject(type).getJsonObject("schema"), properties(answer.body()));
        }
    }

    /** Returns the elements below the root of an XML document as the properties of an object in JSON. */
    private static String properties(byte[] xml) {
        try {
            Element root = DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml))
                    .getDocumentElement();
            assertThat(root.getNodeName()).isEqualTo("Error");
            JsonObject properties = new JsonObject();
            for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
                properties.put(child.getNodeName(), child.getTextContent());
            }
            return properties.encode();
        } catch (Exception e) {
            throw new AssertionError(new String(xml, StandardCharsets.UTF_8), e);
        }
    }

    private void checkSchema(JsonObject schema, String json) {
        JsonObject whole = schema.copy().put("components", description.getJsonObject("components"));
        JsonSchema validator = SCHEMAS.getSchema(whole.encode());
        List<String> problems = new ArrayList<>();
        validator
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true))
                .forEach(problem -> problems.add(problem.getMessage()));
        assertThat(problems).as(json).isEmpty();
    }

    private JsonObject resolve(JsonObject object) {
        String reference = object.getString("$ref");
        if (reference == null) {
            return object;
        }
        JsonObject found = description;
        for (String name : reference.replaceFirst("^#/", "").split("/")) {
            found = found.getJsonObject(name);
        }
        return found;
    }
}
