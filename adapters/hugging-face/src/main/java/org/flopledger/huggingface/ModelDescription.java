package org.flopledger.huggingface;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.flopledger.huggingface.description.DescriptionException;
import org.flopledger.huggingface.description.DescriptionWarning;
import org.flopledger.huggingface.description.JsonFile;
import org.flopledger.model.Architecture;
import org.flopledger.model.Block;
import org.flopledger.model.Norm;
import org.flopledger.model.ParameterCount;

/**
 * A model as a Hugging Face {@code config.json} describes it.
 *
 * <p>Fields that are absent have transformers' own defaults; nested descriptions of the language model inside a multimodal
 * one are read. Immutable.
 *
 * @param name name for people: that of the folder or file it was read from
 * @param modelType the stated {@code model_type}; empty if none is stated
 * @param family the family it was read as; differs from the model type where that is unknown
 * @param architecture what the model is made of
 * @param contextLength positions that the model was built for, if it says so
 * @param weightBits bits of a stored weight where the weights are quantised
 * @param predictionDepths further predicted tokens that are stated and not part of the architecture (DeepSeek-V3)
 * @param wholeParameters parameters of the whole described model, towers for images and sound included, where a law of its type
 *     was measured and covers what is stated
 * @param warnings what to know about the reading
 */
public record ModelDescription(
        String name,
        String modelType,
        String family,
        Architecture architecture,
        OptionalLong contextLength,
        OptionalLong weightBits,
        long predictionDepths,
        OptionalLong wholeParameters,
        List<DescriptionWarning> warnings) {

    /** Copies the warnings. */
    public ModelDescription {
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads a {@code config.json}, or the one in a folder.
     *
     * @throws DescriptionException if there is none or it does not describe a known kind of model; the message names the field
     */
    public static ModelDescription read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("config.json") : path;
        ObjectNode stated = JsonFile.read(file);
        ModelDescription description = ConfigReader.read(stated, String.valueOf(file.getFileName()), nameOf(file));
        try {
            return WeightIndex.beside(file, stated)
                    .map(description::comparedWith)
                    .orElse(description);
        } catch (DescriptionException e) {
            return description.warnedOf(
                    DescriptionWarning.Code.INDEX_NOT_READ,
                    "nothing was compared with the stored weights: " + e.getMessage());
        }
    }

    /**
     * Reads a description from bytes.
     *
     * @param json UTF-8 text of a {@code config.json}
     * @param name name for people, also used in messages
     * @throws DescriptionException if it does not describe a known kind of model; the message names the field
     */
    public static ModelDescription parse(byte[] json, String name) {
        return ConfigReader.read(JsonFile.parse(json, name), name, name);
    }

    /** Returns this description, with a warning where the stored weights are not as many as were counted. */
    private ModelDescription comparedWith(WeightIndex index) {
        long counted = ParameterCount.of(architecture).total();
        boolean whole = predictionDepths == 0
                && warnings.stream().noneMatch(warning -> warning.code() == DescriptionWarning.Code.PART_OF_MODEL);
        if (!whole || !index.contradicts(counted)) {
            return this;
        }
        return warnedOf(
                DescriptionWarning.Code.TOTAL_DIFFERS,
                "counted " + counted + " parameters, the index of the stored weights says "
                        + (index.exact() ? "" : "about ") + index.parameters()
                        + ": one of the two describes another model");
    }

    private ModelDescription warnedOf(DescriptionWarning.Code code, String message) {
        List<DescriptionWarning> all = new ArrayList<>(warnings);
        all.add(new DescriptionWarning(code, message));
        return new ModelDescription(
                name,
                modelType,
                family,
                architecture,
                contextLength,
                weightBits,
                predictionDepths,
                wholeParameters,
                all);
    }

    private static String nameOf(Path file) {
        String own = String.valueOf(file.getFileName());
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (own.equals("config.json") && folder != null && folder.getFileName() != null) {
            return folder.getFileName().toString();
        }
        return own.endsWith(".json") ? own.substring(0, own.length() - ".json".length()) : own;
    }

    /**
     * Returns the architecture with its stated multi-token prediction depths, each with a block like the last one.
     *
     * <p>Checkpoints and training runs have them; the model that transformers builds has not.
     */
    public Architecture architectureWithPrediction() {
        List<Block> blocks = architecture.main().blocks();
        long hidden = architecture.main().input().hidden();
        return architecture.withMultiTokenPrediction(predictionDepths, blocks.get(blocks.size() - 1), Norm.rms(hidden));
    }
}
