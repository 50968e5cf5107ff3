/** What stages that speak HTTP have in common. */
package io.sqletl.engine.stage.http;
