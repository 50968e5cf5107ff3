package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.stage.OutputView;
import java.util.List;

/** The keys of SimilarityJoinTransform. */
public record SimilarityJoinTransform(
    @Key(value = "The one view.", required = true, role = Key.Role.INPUT_VIEW) String leftView,
    @Key(value = "Its columns whose texts are compared, one after the other.", required = true)
        List<String> leftFields,
    @Key(value = "The other view.", required = true, role = Key.Role.INPUT_VIEW) String rightView,
    @Key(value = "Its columns whose texts are compared, one after the other.", required = true)
        List<String> rightFields,
    @KeyGroup OutputView output,
    @Key(
            value = "How many characters each of the pieces has that texts are cut into.",
            defaultValue = "3")
        int shingleLength,
    @Key(
            value = "How many hash tables look for similar rows; more find more, and take longer.",
            defaultValue = "5")
        int numHashTables,
    @Key(
            value = "How similar two rows have to be, from 0 to 1, to be joined.",
            defaultValue = "0.8")
        double threshold,
    @Key(value = "Whether letter case counts.", defaultValue = "false") boolean caseSensitive) {}
