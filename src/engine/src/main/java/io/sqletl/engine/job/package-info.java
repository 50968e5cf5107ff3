/**
 * A job as data: what a notebook or a job file says, where it says it, and what is wrong with it.
 */
package io.sqletl.engine.job;
