package org.flopledger.huggingface.families;

import java.util.Map;
import org.flopledger.huggingface.parts.FamilyReader;

/** Models that see images, and the text half of CLIP. */
final class Vision {

    private Vision() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put("vit", new VitReader(1));
        readers.put("deit", new VitReader(2));
        readers.put("dinov2", new DinoReader());
        readers.put("siglip_vision_model", new SiglipVisionReader());
        readers.put("clip_vision_model", new ClipVisionReader());
        readers.put("clip_text_model", new ClipTextReader());
    }
}
