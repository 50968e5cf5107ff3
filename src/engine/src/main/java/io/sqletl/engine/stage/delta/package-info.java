/** What the Delta Lake stages share: versions, commits, manifests and options. */
package io.sqletl.engine.stage.delta;
