// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.module.ModuleDescriptor.Version;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that the class path has only patched versions of Netty and Vert.x, no JWT authentication, and no remote control. */
class ClassPathTest {

    /** Modules whose versions are independent of the others: native TLS, which is not used. */
    private static final String OTHER_VERSIONS = "netty-tcnative";

    @ParameterizedTest
    @CsvSource({"io/netty, netty-, 4.1.138.Final, 14", "io/vertx, vertx-, 4.5.30, 6"})
    void classPathHasOnePatchedVersionOfEachModule(String group, String prefix, String patched, int modules) {
        Map<String, Set<String>> versions = versions(group, prefix);

        assertThat(versions).hasSizeGreaterThanOrEqualTo(modules);
        assertThat(versions.values()).allSatisfy(each -> assertThat(each).hasSize(1));
        Set<String> all = new TreeSet<>();
        versions.values().forEach(all::addAll);
        assertThat(all)
                .as(versions.toString())
                .hasSize(1)
                .allSatisfy(
                        version -> assertThat(Version.parse(version)).isGreaterThanOrEqualTo(Version.parse(patched)));
    }

    /** CloudWatch's version is in the POM, those of the other clients come with Camel. */
    @Test
    void classPathHasOneVersionOfTheAwsSdk() {
        Map<String, Set<String>> versions = versions("software/amazon/awssdk", "");

        assertThat(versions).containsKeys("cloudwatch", "dynamodb", "s3", "sqs", "sdk-core");
        assertThat(versions.values())
                .containsOnly(versions.get("s3"))
                .allSatisfy(each -> assertThat(each).hasSize(1));
    }

    /** Camel's JWT authentication checks neither the issuer nor the audience of a token. */
    @Test
    void classPathHasNoJwtAuthentication() {
        assertThatThrownBy(() -> Class.forName("io.vertx.ext.auth.jwt.JWTAuth"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    /** The connector lets the Camel CLI control the application. Only the Maven profile camel-tools adds it. */
    @Test
    void classPathHasNoConnectorForTheCamelCli() {
        assertThatThrownBy(() -> Class.forName("org.apache.camel.cli.connector.LocalCliConnector"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    private static Map<String, Set<String>> versions(String group, String prefix) {
        Pattern jar = Pattern.compile(".*/" + group + "/(" + prefix + "[^/]+)/([^/]+)/[^/]+\\.jar");
        Map<String, Set<String>> versions = new TreeMap<>();
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Matcher module = jar.matcher(path.replace(File.separatorChar, '/'));
            if (module.matches() && !module.group(1).startsWith(OTHER_VERSIONS)) {
                versions.computeIfAbsent(module.group(1), none -> new TreeSet<>())
                        .add(module.group(2));
            }
        }
        return versions;
    }
}
