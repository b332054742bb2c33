package org.flopledger.huggingface.families;

import java.util.Map;
import org.flopledger.huggingface.families.BartReader.Form;
import org.flopledger.huggingface.parts.FamilyReader;

/** Models whose decoder attends to an encoder. */
final class EncoderDecoders {

    private EncoderDecoders() {}

    static void addTo(Map<String, FamilyReader> readers) {
        readers.put("t5", new T5Reader(false));
        readers.put("mt5", new T5Reader(false));
        readers.put("umt5", new T5Reader(true));
        readers.put("bart", new BartReader(Form.BART));
        readers.put("plbart", new BartReader(Form.BART));
        readers.put("mbart", new BartReader(Form.MBART));
        readers.put("pegasus", new BartReader(Form.BLENDERBOT));
        readers.put("blenderbot", new BartReader(Form.BLENDERBOT));
        readers.put("blenderbot-small", new BartReader(Form.WITHOUT_OFFSET));
        readers.put("m2m_100", new BartReader(Form.M2M));
        readers.put("whisper", new WhisperReader());
    }
}
