// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Camel's HTTP server can ask for a JSON Web Token, by configuration alone, as the README says. */
class JwtIT {

    private static final SecretKey SECRET = new SecretKeySpec(new byte[32], "HmacSHA256");
    private static final char[] PASSWORD = "password".toCharArray();

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload");

    @Test
    void tokenOpens(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("keys.p12");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setEntry("HS256", new KeyStore.SecretKeyEntry(SECRET), new KeyStore.PasswordProtection(PASSWORD));
        try (OutputStream out = Files.newOutputStream(file)) {
            keys.store(out, PASSWORD);
        }
        int port = Pipeline.port(PIPELINE.anotherApplication(Map.of(
                "camel.server.authenticationEnabled", "true",
                "camel.server.authenticationPath", "/dev/*",
                "camel.server.jwtKeystoreType", "PKCS12",
                "camel.server.jwtKeystorePath", file.toString(),
                "camel.server.jwtKeystorePassword", String.valueOf(PASSWORD))));
        Instant now = Instant.now();

        assertThat(put(port, "Bearer " + token(now.plusSeconds(60), SECRET))).isEqualTo(200);
        assertThat(put(port, "Bearer " + token(now.minusSeconds(60), SECRET))).isEqualTo(401);
        assertThat(put(port, "Bearer " + token(now.plusSeconds(60), new SecretKeySpec(new byte[] {1}, "HmacSHA256"))))
                .isEqualTo(401);
        assertThat(put(port, "Basic YTpi")).isEqualTo(401);
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).containsExactly("token");
    }

    private static int put(int port, String authorization) throws Exception {
        return PIPELINE.put(port, PIPELINE.path("token"), new byte[] {1}, "Authorization", authorization)
                .statusCode();
    }

    private static String token(Instant expiry, SecretKey secret) throws Exception {
        String text = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "."
                + encode("{\"sub\":\"me\",\"exp\":" + expiry.getEpochSecond() + "}");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(secret);
        byte[] signature = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.US_ASCII));
    }
}
