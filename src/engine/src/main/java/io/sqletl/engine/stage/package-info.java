/**
 * What a stage is: one record with its keys and one class with what it does, found with {@link
 * java.util.ServiceLoader}.
 */
package io.sqletl.engine.stage;
