package org.flopledger.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.flopledger.lineage.Lineage.Model;
import org.flopledger.units.FlopBounds;
import org.flopledger.units.FlopCount;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineageTest {

    private static FlopBounds flop(String amount) {
        return FlopBounds.exactly(FlopCount.parse(amount));
    }

    private static Model model(String name, @Nullable String developer, String compute) {
        return new Model(name, developer, flop(compute));
    }

    private static Lineage.Builder twoFineTunesAndTheirMerge() {
        return Lineage.builder()
                .model(model("base", "lab", "9e24"))
                .model(model("left", "shop", "1e24"))
                .model(model("right", "shop", "1e24"))
                .model(model("merged", "shop", "0"))
                .link("left", Lineage.Relation.FINE_TUNED_FROM, "base")
                .link("right", Lineage.Relation.PEFT_TRAINED_ON, "base")
                .link("merged", Lineage.Relation.MERGED_FROM, "left")
                .link("merged", Lineage.Relation.MERGED_FROM, "right");
    }

    @Test
    void aMergeOfTwoFineTunesAddsTheirBaseOnce() {
        Lineage lineage = twoFineTunesAndTheirMerge().build();

        assertThat(lineage.cumulative("merged").known()).isEqualTo(flop("11e24"));
        assertThat(lineage.ancestorsOf("merged")).extracting(Ancestor::model).containsExactly("base", "left", "right");
    }

    @Test
    void whoTrainedAnAncestorIsSeenFromTheDescendant() {
        Lineage lineage = twoFineTunesAndTheirMerge().build();

        assertThat(lineage.ancestorsOf("merged"))
                .extracting(Ancestor::developer)
                .containsExactly(Ancestor.Developer.OTHER, Ancestor.Developer.SAME, Ancestor.Developer.SAME);
    }

    @Test
    void anUnstatedDeveloperStaysUnstated() {
        Lineage lineage = Lineage.builder()
                .model(model("base", null, "1"))
                .model(model("tuned", "shop", "1"))
                .link("tuned", Lineage.Relation.FINE_TUNED_FROM, "base")
                .build();

        assertThat(lineage.ancestorsOf("tuned").get(0).developer()).isEqualTo(Ancestor.Developer.UNSTATED);
    }

    @Test
    void aTeacherHandsOverNoWeightsAndIsNotInTheSum() {
        Lineage lineage = Lineage.builder()
                .model(model("giant", "lab", "5e25"))
                .model(model("teacher", "lab", "1e24"))
                .model(model("student", "lab", "1e23"))
                .link("teacher", Lineage.Relation.FINE_TUNED_FROM, "giant")
                .link("student", Lineage.Relation.DISTILLED_FROM, "teacher")
                .build();

        assertThat(lineage.cumulative("student").known()).isEqualTo(flop("1e23"));
        assertThat(lineage.ancestorsOf("student"))
                .extracting(Ancestor::role)
                .containsExactly(Ancestor.Role.TEACHER, Ancestor.Role.TEACHER);
    }

    @Test
    void weightsOnAnyWayMakeATeacherAnAncestorOfWeights() {
        Lineage lineage = Lineage.builder()
                .model(model("base", "lab", "7"))
                .model(model("student", "lab", "2"))
                .link("student", Lineage.Relation.INITIALISED_FROM, "base")
                .link("student", Lineage.Relation.DISTILLED_FROM, "base")
                .build();

        assertThat(lineage.ancestorsOf("student")).extracting(Ancestor::role).containsExactly(Ancestor.Role.WEIGHTS);
    }

    @Test
    void anUnknownAncestorIsNamedAndNotZero() {
        Lineage lineage = Lineage.builder()
                .model(new Model("secret", "lab", null))
                .model(model("tuned", "shop", "5"))
                .link("tuned", Lineage.Relation.CONTINUED_FROM, "secret")
                .build();

        assertThat(lineage.cumulative("tuned").known()).isEqualTo(flop("5"));
        assertThat(lineage.cumulative("tuned").unknown()).containsExactly("secret");
    }

    @Test
    void aCycleIsRefusedAndNamed() {
        Lineage.Builder cyclic = twoFineTunesAndTheirMerge().link("base", Lineage.Relation.AVERAGED_FROM, "merged");

        assertThatThrownBy(cyclic::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("base")
                .hasMessageContaining("no cycle");
    }

    @Test
    void aModelCannotBeItsOwnParent() {
        Lineage.Builder own =
                Lineage.builder().model(model("a", null, "1")).link("a", Lineage.Relation.FINE_TUNED_FROM, "a");

        assertThatThrownBy(own::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[a]");
    }

    @Test
    void aLinkToAModelThatIsNotThereIsRefused() {
        Lineage.Builder dangling =
                Lineage.builder().model(model("a", null, "1")).link("a", Lineage.Relation.FINE_TUNED_FROM, "b");

        assertThatThrownBy(dangling::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'b'");
    }

    @Test
    void aModelGivenTwiceIsRefused() {
        Lineage.Builder builder = Lineage.builder().model(model("a", null, "1"));

        assertThatThrownBy(() -> builder.model(model("a", null, "2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void hundredFineTunesOfOneBaseShareItAndALongChainIsAddedUp() {
        Lineage.Builder builder = Lineage.builder().model(model("m0", "lab", "1"));
        for (int i = 1; i <= 2_000; i++) {
            builder.model(model("m" + i, "lab", "1")).link("m" + i, Lineage.Relation.CONTINUED_FROM, "m" + (i - 1));
        }

        assertThat(builder.build().cumulative("m2000").known()).isEqualTo(flop("2001"));
    }
}
