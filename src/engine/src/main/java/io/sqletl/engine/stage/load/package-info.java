/** Stages that write a view. */
package io.sqletl.engine.stage.load;
