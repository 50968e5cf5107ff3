/**
 * The CDK app that deploys the platform: network, cluster, roles, bucket, and what runs in the
 * cluster.
 */
package io.sqletl.platform;
