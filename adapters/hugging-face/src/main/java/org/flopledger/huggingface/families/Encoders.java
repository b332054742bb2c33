package org.flopledger.huggingface.families;

import java.util.Map;
import org.flopledger.huggingface.parts.FamilyReader;

/** Models that see a text both ways. */
final class Encoders {

    private Encoders() {}

    static void addTo(Map<String, FamilyReader> readers) {
        for (String name : new String[] {"bert", "roberta", "xlm-roberta", "camembert"}) {
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
