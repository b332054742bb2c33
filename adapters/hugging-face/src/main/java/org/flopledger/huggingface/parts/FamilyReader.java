package org.flopledger.huggingface.parts;

import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.model.Architecture;

/** Turns the fields of one family of models into an architecture. Implementations are immutable. */
public interface FamilyReader {

    /**
     * Returns the architecture.
     *
     * @param name name of the model, for people
     * @param fields fields over the family's defaults
     * @throws DescriptionException if a field is absent, out of range or does not fit another
     */
    Architecture read(String name, Fields fields);
}
