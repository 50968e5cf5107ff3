package io.sqletl.engine.stage.plugin;

import io.sqletl.engine.job.Key;
import java.util.List;
import java.util.Optional;

/** The keys that every plugin of a job file has. */
public record PluginHeader(
    @Key(value = "The plugin's type.", required = true) String type,
    @Key("The plugin's name; it is shown nowhere.") Optional<String> name,
    @Key(
            "The environments in which the plugin works; elsewhere it is skipped. A plugin without"
                + " any works only with all environments.")
        List<String> environments) {}
