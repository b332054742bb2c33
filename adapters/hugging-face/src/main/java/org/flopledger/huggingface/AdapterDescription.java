package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.huggingface.description.Notes;
import org.flopledger.huggingface.peft.BaseModel;
import org.flopledger.huggingface.peft.PeftConfigReader;
import org.flopledger.model.PeftMethod;
import org.flopledger.units.PeftTechnique;

/**
 * A parameter-efficient fine-tuning method as peft's {@code adapter_config.json} describes it.
 *
 * <p>What it trains follows only together with the base model, because names of modules are matched there. Immutable.
 */
public final class AdapterDescription {

    private final ObjectNode root;
    private final String source;
    private final String type;

    private AdapterDescription(ObjectNode root, String source) {
        this.root = root;
        this.source = source;
        this.type = PeftConfigReader.type(fields(new Notes()));
    }

    /**
     * Reads an {@code adapter_config.json}, or the one in a folder.
     *
     * @throws DescriptionException if there is none, or its method is not known; the message names the field
     */
    public static AdapterDescription read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("adapter_config.json") : path;
        return new AdapterDescription(JsonFile.read(file), String.valueOf(file.getFileName()));
    }

    /**
     * Reads a description from bytes.
     *
     * @param json UTF-8 text of an {@code adapter_config.json}
     * @param name name used in messages
     * @throws DescriptionException if its method is not known; the message names the field
     */
    public static AdapterDescription parse(byte[] json, String name) {
        return new AdapterDescription(JsonFile.parse(json, name), name);
    }

    /** Returns the stated {@code peft_type} in capitals, such as {@code LORA}. */
    public String type() {
        return type;
    }

    /**
     * Returns the family of the method on a base model; LoRA on one whose weights have at most 4 bits is QLoRA.
     *
     * @throws DescriptionException if the description does not fit the model
     */
    public PeftTechnique technique(ModelDescription base) {
        return methodFor(base).technique();
    }

    /**
     * Returns what is trained of a base model, and what is put beside it.
     *
     * @throws DescriptionException if a value is out of range or matches nothing in the model; the message names the field
     */
    public PeftMethod methodFor(ModelDescription base) {
        var model = new BaseModel(base.modelType(), base.family(), base.architecture(), base.weightBits());
        return PeftConfigReader.read(fields(new Notes()), type, model);
    }

    /** Returns what to know about the reading, such as fields that are not known. */
    public List<DescriptionWarning> warnings() {
        var notes = new Notes();
        PeftConfigReader.warn(fields(notes), type);
        return notes.warnings();
    }

    private Fields fields(Notes notes) {
        return Fields.of(root, source, notes);
    }
}
