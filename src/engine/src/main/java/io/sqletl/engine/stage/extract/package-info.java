/** Stages that make a view of data that is kept somewhere. */
package io.sqletl.engine.stage.extract;
