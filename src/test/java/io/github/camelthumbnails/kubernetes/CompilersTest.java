// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.Test;

/** Checks which code the image's {@code compilers.json} leaves to the second compiler of the JVM, at level 4. */
class CompilersTest {

    @Test
    void onlyCodeThatWorksOnBytesIsCompiledTwice() throws Exception {
        String log = run();

        assertThat(log)
                .contains("2 compiler directives added")
                .containsPattern("(?m)^ *\\d+ +\\d+ +\\S* +1 +org\\.apache\\.camel\\.util\\.StringHelper::")
                .containsPattern("(?m)^ *\\d+ +\\d+ +\\S* *4 +sun\\.security\\.provider\\.SHA2::implCompress0")
                .doesNotContainPattern(
                        "(?m)^ *\\d+ +\\d+ +\\S* *4 +org\\.apache\\.camel\\.util\\.StringHelper::.*bytes\\)$");
    }

    private static String run() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:CompilerDirectivesFile=src/main/jib/app/compilers.json",
                        "-XX:+PrintCompilation",
                        "-Xbatch", // waits for the compilers, which may be slow on a busy machine
                        "-cp",
                        System.getProperty("java.class.path"),
                        Work.class.getName())
                .redirectErrorStream(true)
                .start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(log).isZero();
        return log;
    }

    /** Calls code of the JDK and of Camel so often that the JVM compiles both. */
    static final class Work {

        private Work() {}

        public static void main(String[] args) throws Exception {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] bytes = new byte[64 * 1024];
            int length = 0;
            for (int i = 0; i < 1000; i++) {
                digest.update(bytes);
                for (int n = 0; n < 1000; n++) {
                    length += StringHelper.countChar("a,b", ',');
                }
            }
            System.out.println(digest.digest().length + length);
        }
    }
}
