package org.flopledger.huggingface.parts;

import org.flopledger.huggingface.description.Fields;

/** Whether a part of a layer exists: fixed for the family, or stated by a field. */
@FunctionalInterface
public interface Toggle {

    Toggle ON = fields -> true;
    Toggle OFF = fields -> false;

    boolean in(Fields fields);

    /** Returns what a field says; absent means the family's default. */
    static Toggle field(String name) {
        return fields -> fields.flag(name);
    }
}
