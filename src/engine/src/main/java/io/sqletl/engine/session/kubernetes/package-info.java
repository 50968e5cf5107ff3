/**
 * Sessions whose executors are pods: what Kubernetes is asked for, the settings by which a run
 * outlives the nodes it runs on, and what to tell a person while pods do not start.
 */
package io.sqletl.engine.session.kubernetes;
