/** What stages and plugins have in common: a type on the class path, named by a job file. */
package io.sqletl.engine.stage.plugin;
