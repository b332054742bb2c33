package org.flopledger.huggingface.families;

import java.util.List;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.parts.FamilyReader;
import org.flopledger.model.Architecture;

/** Reads Whisper's encoder where it stands alone, as the tower of a model that hears. */
final class SoundEncoderReader implements FamilyReader {

    @Override
    public Architecture read(String name, Fields fields) {
        return new Architecture(name, null, WhisperReader.encoder(fields), List.of(), null);
    }
}
