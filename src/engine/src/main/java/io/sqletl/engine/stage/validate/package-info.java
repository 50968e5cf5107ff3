/** Stages that check data and fail the job. */
package io.sqletl.engine.stage.validate;
