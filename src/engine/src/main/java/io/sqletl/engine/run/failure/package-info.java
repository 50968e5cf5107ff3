/** Why a stage failed, in words for the person who wrote the job, and where it was written. */
package io.sqletl.engine.run.failure;
