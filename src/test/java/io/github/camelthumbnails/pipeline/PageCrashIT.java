// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FaultProxy;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that uploads continue after the browser has crashed. */
@Tag("long")
class PageCrashIT {

    @TempDir
    static Path profile;

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults();

    @Test
    void uploadsAreResumedAfterACrash() throws Exception {
        UploadPage page = new UploadPage(PIPELINE, "--user-data-dir=" + profile);
        page.beforeEach(null);
        page.choose("stored.png", Pictures.quarters(ImageFormat.PNG, 60, 40));
        page.card("stored.png", "ready");
        FaultProxy.Rule held = PIPELINE.holdUploads();
        page.choose(5, Pictures.noise(ImageFormat.PNG, 64, 64));
        page.awaitCount(3, "uploading");
        page.awaitCopies(5);

        page.crash(profile);
        page.reopen();

        page.card("stored.png", "ready");
        page.awaitCount(5, "interrupted");
        held.remove();
        page.click("#resume");
        page.awaitCount(6, "ready");
        page.awaitCopies(0);
        page.afterEach(null);
        page.afterAll(null);
    }
}
