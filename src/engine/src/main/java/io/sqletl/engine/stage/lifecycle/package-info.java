/** Plugins that are called around every stage. */
package io.sqletl.engine.stage.lifecycle;
