package org.flopledger.huggingface.peft;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.flopledger.huggingface.description.DescriptionWarning.Code;
import org.flopledger.huggingface.description.Fields;
import org.flopledger.huggingface.description.ShownValue;
import org.flopledger.huggingface.peft.ModuleTree.Entry;
import org.flopledger.huggingface.peft.ModuleTree.Unit;
import org.flopledger.huggingface.peft.RotationTreatments.Blocks;
import org.flopledger.model.Operation;
import org.flopledger.model.Operation.Matrix;
import org.flopledger.model.PeftMethod;
import org.flopledger.model.Treatment;
import org.flopledger.units.PeftTechnique;
import org.jspecify.annotations.Nullable;

/** Reads each kind of peft's {@code adapter_config.json} for one base model. Confined to one thread. */
public final class PeftConfigReader {

    private static final List<String> TYPES = List.of(
            "LORA",
            "ADALORA",
            "LOHA",
            "LOKR",
            "VERA",
            "OFT",
            "BOFT",
            "FOURIERFT",
            "VBLORA",
            "HRA",
            "DELORA",
            "MISS",
            "SHIRA",
            "ROAD",
            "BEFT",
            "IA3",
            "LN_TUNING",
            "TRAINABLE_TOKENS",
            "PROMPT_TUNING",
            "P_TUNING",
            "PREFIX_TUNING");

    private static final long MOST_BITS_OF_QLORA = 4;

    private final Fields fields;
    private final String type;
    private final BaseModel base;
    private final ModuleTree tree;
    private final MatchBudget budget;
    private final ModuleNames names;
    private final TreatmentPlan plan;

    private PeftConfigReader(Fields fields, String type, BaseModel base) {
        this.fields = fields;
        this.type = type;
        this.base = base;
        this.tree = ModuleTree.of(base);
        this.budget = new MatchBudget(fields);
        this.names = new ModuleNames(fields, tree, budget);
        this.plan = new TreatmentPlan(fields, tree);
    }

    /** Returns the stated {@code peft_type} in capitals. */
    public static String type(Fields fields) {
        String expected = "one of " + String.join(", ", TYPES);
        String stated = fields.text("peft_type");
        if (stated == null) {
            throw fields.missing("peft_type", expected);
        }
        String type = stated.toUpperCase(Locale.ROOT);
        if (!TYPES.contains(type)) {
            throw fields.wrong(
                    "peft_type",
                    "the text \"" + ShownValue.shortened(ShownValue.printable(stated), 40) + "\"",
                    expected + "; what other methods train is not described here");
        }
        return type;
    }

    /**
     * Returns what is trained of the base model, and what is put beside it.
     *
     * @throws DescriptionException if a value is out of range or a name matches nothing; the message names the field
     */
    public static PeftMethod read(Fields fields, String type, BaseModel base) {
        try {
            return new PeftConfigReader(fields, type, base).method();
        } catch (IllegalArgumentException e) {
            throw fields.unusable(String.valueOf(e.getMessage()));
        } catch (ArithmeticException e) {
            throw fields.unusable("more than 2^63 - 1 values would be trained");
        }
    }

    /** Warns of what is stated and known to make figures depend on more than the file. */
    public static void warn(Fields fields, String type) {
        if (type.equals("BOFT") && fields.statedSize("boft_n_butterfly_factor").orElse(1) > 1) {
            fields.notes()
                    .warn(
                            Code.NOT_COUNTED,
                            "boft_n_butterfly_factor is above 1: peft uses more than 1 only with its own kernel for GPUs; 1 is"
                                    + " counted");
        }
        long unknown = fields.names().stream()
                .filter(name -> !PeftFields.KNOWN.contains(name) && saysSomething(fields.raw(name)))
                .count();
        if (unknown > 0) {
            fields.notes()
                    .warn(Code.NOT_COUNTED, unknown + " stated field(s) are not known and may change what is trained");
        }
    }

    private static boolean saysSomething(@Nullable JsonNode value) {
        if (value == null || (value.isBoolean() && !value.booleanValue())) {
            return false;
        }
        return !(value.isContainerNode() && value.isEmpty());
    }

    private PeftMethod method() {
        switch (type) {
            case "PROMPT_TUNING" -> {
                return PromptReader.prompt(fields);
            }
            case "P_TUNING" -> {
                return PromptReader.encodedPrompt(fields, base, tree, plan);
            }
            case "PREFIX_TUNING" -> {
                return PromptReader.prefix(fields, base);
            }
            case "LORA" -> new LoraReader(fields, tree, names, budget).read(plan);
            case "IA3" -> scale();
            case "TRAINABLE_TOKENS" -> trainTokens();
            case "LN_TUNING" -> everyTarget(Set.of(Unit.LINEAR, Unit.EMBEDDING, Unit.NORM), Treatment::copied);
            case "VBLORA" -> composeFromBank();
            case "OFT" -> turn();
            case "LOHA", "LOKR", "FOURIERFT" -> byPattern();
            default -> everyMatrix(beside());
        }
        plan.trainBiases(type.toLowerCase(Locale.ROOT) + "_only");
        plan.saveModules(names);
        plan.trainTokens(names);
        return plan.method(technique(), 0);
    }

    private PeftTechnique technique() {
        return switch (type) {
            case "LORA" -> loraTechnique();
            case "IA3" -> PeftTechnique.IA3;
            case "LN_TUNING" -> PeftTechnique.NORM_ONLY;
            default -> PeftTechnique.OTHER;
        };
    }

    private PeftTechnique loraTechnique() {
        if (base.weightBits().orElse(Long.MAX_VALUE) <= MOST_BITS_OF_QLORA) {
            return PeftTechnique.QLORA;
        } else if (fields.flag("use_dora")) {
            return PeftTechnique.DORA;
        }
        return fields.flag("use_rslora") ? PeftTechnique.RS_LORA : PeftTechnique.LORA;
    }

    private @Nullable JsonNode absentTargets() {
        return PeftDefaults.targets(type, tree.type());
    }

    private void everyMatrix(Function<Matrix, Treatment> treatment) {
        everyTarget(Set.of(Unit.LINEAR), kind -> treatment.apply((Matrix) kind));
    }

    private void everyTarget(Set<Unit> units, Function<Operation.Kind, Treatment> treatment) {
        for (Entry entry : names.targets(absentTargets())) {
            require(entry, units);
            plan.put(entry, treatment.apply(entry.operation().kind()));
        }
    }

    private void require(Entry entry, Set<Unit> units) {
        if (!units.contains(entry.unit())) {
            throw fields.wrong(
                    "target_modules",
                    "naming " + entry.path(),
                    units.stream()
                                    .map(unit -> unit.name().toLowerCase(Locale.ROOT))
                                    .sorted()
                                    .collect(Collectors.joining(" or "))
                            + " modules");
        }
    }

    /** Methods whose ranks or numbers of coefficients may differ by name. */
    private void byPattern() {
        boolean spectrum = type.equals("FOURIERFT");
        var sizes = new NamedSizes(
                fields,
                budget,
                spectrum ? "n_frequency_pattern" : "rank_pattern",
                spectrum ? name -> ".*\\." + name + "$" : NamedSizes.AS_PART_OF_A_PATH,
                spectrum ? rank("n_frequency", 1000) : rank("r", 8));
        List<Entry> targets = names.targets(absentTargets());
        for (Entry entry : targets) {
            require(entry, Set.of(Unit.LINEAR));
            plan.put(entry, byPattern(entry.matrix(), sizes.of(entry.path())));
        }
        sizes.requireEachUsed(targets, names);
    }

    private Treatment byPattern(Matrix matrix, long size) {
        return switch (type) {
            case "LOHA" -> MatrixTreatments.hadamard(matrix, size);
            case "LOKR" -> {
                JsonNode factor = fields.raw("decompose_factor");
                long wanted = factor != null && factor.canConvertToLong() ? factor.longValue() : -1;
                yield MatrixTreatments.kronecker(matrix, size, fields.flag("decompose_both"), wanted > 0 ? wanted : -1);
            }
            default -> {
                if (size > Math.multiplyExact(matrix.in(), matrix.out())) {
                    throw fields.wrong("n_frequency", Long.toString(size), "at most the entries of each target");
                }
                yield MatrixTreatments.spectrum(matrix, size);
            }
        };
    }

    private Function<Matrix, Treatment> beside() {
        return switch (type) {
            case "ADALORA" -> matrix -> MatrixTreatments.adaptiveRank(matrix, rank("init_r", 12));
            case "VERA" -> matrix -> MatrixTreatments.sharedRandomFactors(matrix, rank("r", 256));
            case "HRA" -> matrix -> RotationTreatments.reflections(matrix, rank("r", 8), fields.flag("apply_GS"));
            case "DELORA" -> matrix -> MatrixTreatments.boundedFactors(matrix, rank("r", 8));
            case "SHIRA" -> matrix -> MatrixTreatments.sparse(matrix, rank("r", 32));
            case "BEFT" -> matrix -> MatrixTreatments.perOutput(matrix, matrix.out());
            case "ROAD" -> matrix -> MatrixTreatments.perOutput(matrix, roadValues(matrix));
            case "MISS" -> this::shards;
            case "BOFT" -> this::butterfly;
            default -> throw new IllegalStateException(type + " has no treatment of a matrix");
        };
    }

    private long rank(String name, long absent) {
        return fields.statedSize(name).orElse(absent);
    }

    private long roadValues(Matrix matrix) {
        String variant = fields.text("variant");
        return switch (variant == null ? "road_1" : variant) {
            case "road_1" -> 2 * (matrix.out() / 2);
            case "road_2" -> 2 * matrix.out();
            case "road_4" -> 4 * matrix.out();
            default -> throw fields.wrong("variant", "another word", "road_1, road_2 or road_4");
        };
    }

    private Treatment shards(Matrix matrix) {
        long rank = rank("r", 64);
        JsonNode start = fields.raw("init_weights");
        String word = start != null && start.isTextual() ? start.textValue() : "";
        return switch (word) {
            case "mini" -> MatrixTreatments.sharedShards(matrix, rank, rank("mini_r", 1));
            case "bat" ->
                throw fields.wrong("init_weights", "bat", "another start: what bat multiplies is not described");
            default -> MatrixTreatments.sharedShards(matrix, rank, matrix.out());
        };
    }

    private Treatment butterfly(Matrix matrix) {
        long number = fields.sizeOrDefault("boft_block_num", 0);
        long size = fields.sizeOrDefault("boft_block_size", number == 0 ? 4 : 0);
        if ((number == 0) == (size == 0)) {
            throw fields.wrong("boft_block_size", "as absent as boft_block_num", "stated where the other is 0");
        }
        long whole = number == 0 ? size : number;
        if (matrix.in() % whole != 0) {
            throw fields.wrong("boft_block_size", "no divisor of " + matrix.in(), "a divisor of each target's input");
        }
        return RotationTreatments.butterfly(
                matrix, number == 0 ? matrix.in() / size : number, number == 0 ? size : matrix.in() / number);
    }

    private void turn() {
        for (Entry entry : names.targets(absentTargets())) {
            require(entry, Set.of(Unit.LINEAR, Unit.EMBEDDING));
            if (entry.operation().kind() instanceof Operation.Table table) {
                plan.put(entry, RotationTreatments.blockRotation(table.width(), blocks(table.width())));
            } else {
                plan.put(
                        entry,
                        RotationTreatments.blockRotation(
                                entry.matrix(), blocks(entry.matrix().in())));
            }
        }
    }

    private Blocks blocks(long width) {
        long number = fields.sizeOrDefault("r", 0);
        long size = fields.sizeOrDefault("oft_block_size", 32);
        if ((number == 0) == (size == 0)) {
            throw fields.wrong("oft_block_size", Long.toString(size), "stated where r is 0, and 0 where r is stated");
        }
        boolean series = fields.raw("use_cayley_neumann") == null || fields.flag("use_cayley_neumann");
        long terms = series ? fields.sizeOrDefault("num_cayley_neumann_terms", 5) : 0;
        long found = RotationTreatments.nearestDivisor(width, number == 0 ? size : number);
        return new Blocks(
                number == 0 ? width / found : found,
                number == 0 ? found : width / found,
                fields.flag("block_share"),
                terms);
    }

    private void composeFromBank() {
        long rank = rank("r", 4);
        long vectors = rank("num_vectors", 256);
        long length = rank("vector_length", 256);
        everyMatrix(matrix -> {
            if (matrix.in() % length != 0 || matrix.out() % length != 0) {
                throw fields.wrong("vector_length", Long.toString(length), "a divisor of each target's widths");
            }
            return MatrixTreatments.vectorBank(matrix, rank, vectors, length);
        });
        plan.addShared(Math.multiplyExact(vectors, length));
    }

    private void scale() {
        JsonNode stated = fields.raw("feedforward_modules");
        JsonNode inner = stated != null ? stated : PeftDefaults.targets("IA3_FEED_FORWARD", tree.type());
        if (inner == null) {
            throw fields.missing("feedforward_modules", "a list of module names: peft has no default for this model");
        }
        Predicate<String> input = names.endings("feedforward_modules", inner);
        for (Entry entry : names.targets(absentTargets())) {
            require(entry, Set.of(Unit.LINEAR));
            Matrix matrix = entry.matrix();
            boolean feedForward = input.test(entry.path());
            Treatment.Builder builder = MatrixTreatments.builder(matrix, feedForward ? matrix.in() : matrix.out());
            plan.put(entry, (feedForward ? builder.inputGradient() : builder.outputGradient()).build());
        }
    }

    private void trainTokens() {
        List<Long> indices = fields.integers("token_indices", Fields.LARGEST);
        if (indices == null || indices.isEmpty()) {
            throw fields.missing("token_indices", "a list of token numbers");
        }
        JsonNode stated = fields.raw("target_modules");
        List<Entry> found = stated == null
                ? tree.entries().stream().filter(ModuleTree::isTokenTable).toList()
                : names.targets(stated, true);
        found.forEach(entry -> plan.trainTokens(entry, indices.size()));
    }
}
