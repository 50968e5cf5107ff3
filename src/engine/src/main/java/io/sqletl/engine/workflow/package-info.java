/** Jobs in an order, and the manifest by which Argo runs them on a cluster. */
package io.sqletl.engine.workflow;
