package org.flopledger.huggingface.families;

import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.parts.FamilyReader;

/** Models that see images, and the text half of CLIP. */
final class Vision {

    /** Types whose two halves are CLIP's. */
    private static final List<String> CLIP = List.of("clip", "clipseg", "metaclip_2", "owlvit", "owlv2");

    private Vision() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put("vit", new VitReader(1));
        readers.put("deit", new VitReader(2));
        readers.put("dinov2", new DinoReader());
        readers.put("siglip_vision_model", new SiglipVisionReader());
        for (String name : CLIP) {
            readers.put(name + "_vision_model", new ClipVisionReader());
            readers.put(name + "_text_model", new ClipTextReader());
        }
        for (String name : List.of("altclip", "chinese_clip", "git", "kosmos_2")) {
            readers.put(name + "_vision_model", new ClipVisionReader());
        }
        readers.put("groupvit_text_model", new ClipTextReader());
        readers.put("xclip_text_model", new ClipTextReader());
        readers.put("siglip_text_model", new SiglipTextReader());
        readers.put("siglip2_text_model", new SiglipTextReader());
    }
}
