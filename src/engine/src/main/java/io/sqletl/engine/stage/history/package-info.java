/** Histories: tables that keep the versions of things, and what loads, reads and checks them. */
package io.sqletl.engine.stage.history;
