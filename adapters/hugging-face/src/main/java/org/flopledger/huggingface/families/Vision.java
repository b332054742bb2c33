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
        readers.put("vit_msn", new VitReader(1));
        readers.put("ijepa", new VitReader(0));
        readers.put("deit", new VitReader(2));
        readers.put("dinov2", new DinoReader(false));
        readers.put("dinov2_with_registers", new DinoReader(true));
        readers.put("siglip_vision_model", new SiglipVisionReader(true));
        for (String name : List.of("idefics2_vision", "idefics3_vision", "smolvlm_vision")) {
            readers.put(name, new SiglipVisionReader(false));
        }
        readers.put("pixtral", new PixtralReader());
        for (String name : List.of("qwen3_vl", "qwen3_vl_moe", "qwen3_5", "qwen3_5_moe")) {
            readers.put(name + "_vision", new QwenVisionReader());
        }
        for (String name : List.of("audioflamingo3", "qwen2_audio", "voxtral")) {
            readers.put(name + "_encoder", new SoundEncoderReader());
        }
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
