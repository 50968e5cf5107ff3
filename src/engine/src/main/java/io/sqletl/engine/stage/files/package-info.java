/** Folders of data files: what they hold, and what loads that did not end left in them. */
package io.sqletl.engine.stage.files;
