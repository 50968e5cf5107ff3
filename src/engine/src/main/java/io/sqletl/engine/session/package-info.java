/**
 * Where a job runs and what it can reach: the Spark session of each place, object storage with its
 * credentials, and the local lake that stands in for S3 on a laptop.
 */
package io.sqletl.engine.session;
