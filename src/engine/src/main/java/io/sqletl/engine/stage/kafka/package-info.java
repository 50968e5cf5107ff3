/**
 * Kafka as stages reach it: what of a topic a group has read, and which connection options hold.
 */
package io.sqletl.engine.stage.kafka;
