package org.flopledger.huggingface.families;

import java.util.List;
import java.util.Map;
import org.flopledger.huggingface.parts.FamilyReader;

/** Models that see a text both ways. */
final class Encoders {

    /** BERT's layers under other names; in composite models without a head. */
    private static final List<String> BERT = List.of(
            "bert",
            "roberta",
            "xlm-roberta",
            "camembert",
            "data2vec-text",
            "align_text_model",
            "bridgetower_text_model",
            "chinese_clip_text_model",
            "clap_text_model");

    private Encoders() {}

    static void addTo(Map<String, FamilyReader> readers) {
        for (String name : BERT) {
            readers.put(name, new BertReader());
        }
        readers.put("electra", new ElectraReader());
        readers.put("albert", new AlbertReader());
        readers.put("distilbert", new DistilBertReader());
        readers.put("esm", new EsmReader());
        readers.put("deberta-v2", new DebertaReader());
        readers.put("modernbert", new ModernBertReader());
    }
}
