/** Plugins that compute variables of a job as it is read. */
package io.sqletl.engine.stage.configuration;
