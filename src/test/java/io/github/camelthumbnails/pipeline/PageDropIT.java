// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that no dropped file is ignored without a word, in a real browser. */
@Tag("long")
class PageDropIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    @RegisterExtension
    static final UploadPage PAGE = new UploadPage(PIPELINE);

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.PNG, 60, 40);

    /** Browsers let no script make a folder, so this imitates the interface that leads to its files. */
    @Test
    void unreadableFilesDoNotStopTheOthers() {
        PAGE.browser.run("""
                const bytes = Uint8Array.from(atob(arguments[0]), (character) => character.charCodeAt(0));
                const file = (name) => new File([bytes], name, { type: 'image/png' });
                const inside = [
                    { isFile: true, name: 'locked.png', file: (resolve, reject) => reject(new Error()) },
                    { isFile: true, name: 'inside.png', file: (resolve) => resolve(file('inside.png')) },
                ];
                const folder = { isDirectory: true, name: 'folder',
                    createReader: () => ({ readEntries: (resolve) => resolve(inside.splice(0)) }) };
                const locked = { isDirectory: true, name: 'locked folder',
                    createReader: () => ({ readEntries: (resolve, reject) => reject(new Error()) }) };
                const items = [
                    { getAsFile: () => null, webkitGetAsEntry: () => folder },
                    { getAsFile: () => null, webkitGetAsEntry: () => locked },
                    { getAsFile: () => file('of another program.png'), webkitGetAsEntry: () => null },
                    { getAsFile: () => null, webkitGetAsEntry: () => null },
                ];
                const event = new DragEvent('drop', { bubbles: true, cancelable: true });
                Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items } });
                document.body.dispatchEvent(event);
                """, Base64.getEncoder().encodeToString(PICTURE));

        PAGE.card("inside.png", "ready");
        PAGE.card("of another program.png", "ready");
        assertThat(PAGE.names()).hasSize(2);
        assertThat(PAGE.browser.find("#unreadable").getText()).contains("locked.png", "locked folder");
        PAGE.drop("body", "next.png", PICTURE);
        PAGE.awaitHidden("#unreadable");
    }

    @Test
    void droppedTextIsLeftToTheBrowser() {
        assertThat(PAGE.browser.run("""
                        const dataTransfer = new DataTransfer();
                        dataTransfer.items.add('a key', 'text/plain');
                        const event = new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true });
                        document.querySelector('#key').dispatchEvent(event);
                        return event.defaultPrevented;
                        """)).isEqualTo(false);
    }
}
